// The script's words are those of the index.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const elasticlunr = require("elasticlunr");
const { words, stem, finder } = require("../../themes/default/assets/search.js");
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

test("words are those of the table that the index is tested with", () => {
  const sorted = (list) => [...list].sort();
  for (const [text, expected] of JSON.parse(read("fixtures/tokens.json"))) {
    assert.deepEqual(sorted(words(text)), sorted(expected), text);
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

// An index as elasticlunr.js makes it: the reader gives every document the same score.
function stockIndex(docs) {
  const index = elasticlunr(function () {
    this.addField("title");
    this.addField("body");
    this.setRef("id");
    this.saveDocument(false);
  });
  docs.forEach(([title, body], id) => index.addDoc({ id, title, body }));
  return index;
}

const DOCS = [
  ["Deploy a service", "Deployments roll out one region at a time. A deployment takes minutes."],
  ["Runbook", "What to do when a deployment hangs in one region."],
  ["Regions", "There are three regions and each of them has a budget."],
  ["Budget", "Ask before you spend."],
];

function find(query) {
  const data = JSON.parse(JSON.stringify(stockIndex(DOCS)));
  const manifest = { fields: [{ name: "title", boost: 8 }, { name: "body", boost: 1 }] };
  const rows = DOCS.map(([title], id) => [`docs/${id}/`, title, "", "docs", "doc", "", []]);
  return finder(manifest, data, rows)(query);
}

test("a word within a title or a text scores as in elasticlunr", () => {
  const index = stockIndex(DOCS);
  const config = { fields: { title: { boost: 8 }, body: { boost: 1 } } };
  for (const word of ["hangs", "minutes", "service", "time", "three"]) {
    const expected = index.search(word, config).map(({ ref, score }) => [ref, score.toFixed(9)]);
    const found = find(`${word} `).results.map(({ id, score }) => [id, score.toFixed(9)]);
    assert.deepEqual(found.sort(), expected.sort(), word);
  }
});

test("every word counts, wherever it stands", () => {
  const ids = (query) => find(query).results.map(({ id }) => id).join(" ");
  assert.equal(ids("runbook hangs "), "1", "one word in the title, one in the text");
  assert.equal(ids("deploymen"), "0 1", "while a word is typed");
  assert.equal(ids("dep"), "0 1");
  assert.equal(ids("the regions of"), ids("regions "), "the commonest words do not count");
  assert.equal(find("budget").results[0].id, "3", "the exact title comes first");
  assert.equal(find("budget zebra ").partial, true);
  assert.equal(ids("zebra"), "");
  assert.equal(ids("__proto__ constructor"), "");
});
