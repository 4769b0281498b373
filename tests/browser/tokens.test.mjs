// The engine of search without a browser: its words are those of the index, and its lists are read as they were written.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { english as table, graft, worker } from "../search/engine.mjs";

const elasticlunr = createRequire(import.meta.url)("elasticlunr");
const { tokens, language, decoded, near, parse, marker } = worker;
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const english = language(table), { stem } = english;

test("words are those of the table that the index is tested with", () => {
  const sorted = (list) => [...list].sort();
  for (const [text, expected] of JSON.parse(read("fixtures/tokens.json"))) {
    const { whole, parts, exact } = tokens(text);
    const words = [...whole, ...parts, ...exact].filter((token) => !english.isCommon(token)).map(english.indexed);
    assert.deepEqual(sorted(words), sorted(expected), text);
  }
});

test("stems are those of elasticlunr", () => {
  const suffixes =
    "s es ies ed ing ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti iviti " +
    "biliti logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent ion sion tion ou ism ate iti ous " +
    "ive ize e ll y ying";
  const roots = "b by tr bay toy pony cab oat yes deploy serv observ us relat commun sens hop hopp roll crypt sky".split(" ");
  const checked = new Set(read("fixtures/tokens.json").toLowerCase().match(/[a-z]+/g));
  for (const root of roots) for (const suffix of suffixes.split(" ")) checked.add(root + suffix).add(root + suffix + "s");
  // elasticlunr.js wants a letter before these, elasticlunr-rs does not, and it is the latter that makes the index.
  const ours = { eed: "eed", eeds: "eed", ies: "i", sses: "ss" };
  assert.ok(checked.size > 2000);
  for (const word of checked) assert.equal(stem(word), ours[word] ?? elasticlunr.stemmer(word), word);
});

test("a language without stems keeps its words, and a portal its own stop words", () => {
  const { indexed, isCommon } = language({ common: "fahre", stems: [] });
  assert.equal(indexed("running"), "running");
  assert.deepEqual(["the", "fahre"].map(isCommon), [false, true]);
});

test("lists are numbers in base 45, and a capped one tells how many there were", () => {
  assert.deepEqual(decoded("#", "#"), [1, [0], [1]]);
  // 46 = 1·45 + 1; a weight of 12 is a half.
  assert.deepEqual(decoded("Q$#", "/#"), [2, [46, 47], [0.5, 1]]);
  assert.deepEqual(decoded("$~#", "/"), [1, [0], [0.5]]);
  for (const broken of ["", "Q", "Q~", "#", "\u0000", "~~~~", "字#"]) assert.ok(decoded(broken), broken);
});

test("shards become tries of elasticlunr's own form", () => {
  const tries = graft([{}, {}, {}, {}], { terms: "ab abc", lists: "#!$ !#", weights: "#!/ !#" });
  assert.deepEqual(tries[0].a.b.docs, { 0: { tf: 1 } });
  assert.equal(tries[0].a.df, 0);
  assert.deepEqual(tries[1].a.b.docs, { 1: { tf: 0.5 } });
  assert.deepEqual(Object.keys(tries[1].a.b), ["docs", "df", "c"]);
});

test("near words differ by one letter, or two that have changed places", () => {
  const check = (a, b, expected, open) => assert.equal(near(a, b, open), expected, `${a} ${b}`);
  check("foghron", "foghorn", true);
  check("fogorn", "foghorn", true);
  check("fogghorn", "foghorn", true);
  check("fochorn", "foghorn", true);
  check("fchorn", "foghorn", false);
  check("nrohgof", "foghorn", false);
  check("kubrn", "kubernetes", true, true);
  check("kubrn", "kubernetes", false);
});

test("a query has filters, words that must be there and words that only add", () => {
  const check = (query, expected) => {
    const { filters, terms, bonus } = parse(query, english);
    const said = [...filters.map(([key, value]) => `${key}=${value}`), ...terms.map(({ word, isPrefix }) => word + (isPrefix ? "…" : "")),
      ...bonus.map(({ word }) => `+${word}`)];
    assert.equal(said.join(" "), expected, query);
  };
  check("deployments fail", "deploy fail…");
  check("deployments fail ", "deploy fail");
  check("kind:api owner:Payments refund", "kind=api owner=payments refund…");
  check('owner:"Team A" kind:', "owner=team a kind…");
  check("component:default/x", "compon default x… +component:default/x");
  check("getUserName", "user name… +getusernam +get");
  check("the how of", "the how of…");
  check("how to deploy", "deploi… +how +to".replace("deploi", english.indexed("deploy")));
  check("café", "cafe… +café");
  check("__proto__ constructor", "proto constructor…".replace("constructor", english.indexed("constructor")));
  check("<b>(a+)+$", "b +a");
  check("", "");
});

test("what was asked for is marked, and nothing else", () => {
  const check = (text, query, expected) => {
    const { terms } = parse(query, english);
    const pieces = marker(terms, english.indexed)(text);
    assert.equal(pieces.join(""), text);
    assert.equal(pieces.map((piece, i) => (i % 2 ? `[${piece}]` : piece)).join(""), expected);
  };
  check("Deployments of a service", "deployment", "[Deployments] of a service");
  check("Support and ports", "port ", "Support and [ports]");
  check("calls getUserName()", "user", "calls get[User]Name()");
  check("Überraschung", "uberr", "[Überraschung]");
  check("码头和渡轮", "渡轮", "码头和[渡轮]");
  check("<b>bold</b>", "bold", "<b>[bold]</b>");
});

test("a query of any code units is read", () => {
  let seed = 20261121;
  const random = (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const ODD = ["\ud800", "\udc00", "\u0000", "\u0301", "\u202e", "字", "(a+)+$", "[", "\\", "kind:", '"', "__proto__", "\u{20000}", "<b>", " ", "é", "ﬃ"];
  for (let n = 0; n < 3000; n++) {
    const query = Array.from({ length: 1 + random(12) }, () => (random(2) ? ODD[random(ODD.length)] : String.fromCharCode(random(65536)))).join("");
    const { terms, bonus } = parse(query, english);
    assert.ok(terms.length <= 32 && bonus.length <= 64);
    const pieces = marker(terms, english.indexed)(query);
    assert.equal(pieces.join(""), query);
  }
  for (const query of ["x".repeat(10_000), "a ".repeat(5_000), "(a*)*b".repeat(1_600), "字".repeat(10_000), "a_".repeat(5_000), "\u0301".repeat(10_000)]) {
    assert.ok(parse(query, english).isCut, query.slice(0, 9));
  }
});
