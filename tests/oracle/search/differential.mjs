// Grafts our shards, as they are needed, into one stock elasticlunr index and compares it with the plain index of
// everything, over generated queries: AND and OR, with and without expansion. Ids, order and scores are the same, to
// 1e-9: both hold √frequency / √length to 2.9 %.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { graft as put } from "../../search/engine.mjs";

const elasticlunr = createRequire(join(process.env.TOOLS, "x.js"))("elasticlunr");
const read = (name) => JSON.parse(readFileSync(join(process.env.SITE, "search", name), "utf8"));
const manifest = read("manifest.json");
const names = manifest.fields.map(([name]) => name);
const plain = read(`index-${manifest.plain}.json`);
const froms = manifest.terms.from.split(" ");
const shards = manifest.terms.hash.match(/.{8}/g);
const N_QUERIES = 500;

// The words of the index are asked for as they are.
elasticlunr.tokenizer.setSeperator(/\s+/);

function index(tries) {
  return elasticlunr.Index.load({
    version: elasticlunr.version, fields: names, ref: "id", pipeline: [],
    index: Object.fromEntries(names.map((name, i) => [name, { root: tries[i] }])),
    documentStore: { save: false, docs: {}, docInfo: {}, length: manifest.n },
  });
}
const monolith = index(names.map((name) => plain.index[name].root));

// Ours begins with nothing.
const root = () => ({ docs: {}, df: 0 });
const tries = names.map(root);
const ours = index(tries);
const grafted = new Set();
function graft(word, isExpanded) {
  froms.forEach((from, i) => {
    const isAfter = from > (isExpanded ? `${word}\uffff` : word);
    const isBefore = froms[i + 1] !== undefined && froms[i + 1] <= word;
    if (isAfter || isBefore || grafted.has(i)) return;
    put(names.map((name) => ours.index[name].root), read(`t/${shards[i]}.json`));
    grafted.add(i);
    ours._idfCache = {};
  });
}

// A generator of its own, so that every run asks the same.
let seed = 20261121;
const random = (n) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
};
const terms = shards.flatMap((name) => read(`t/${name}.json`).terms.split(" "));
const boosts = Object.fromEntries(manifest.fields.map(([name, boost]) => [name, { boost }]));

let n = 0, nResults = 0;
for (; n < N_QUERIES; n++) {
  const expand = n % 2 === 1, bool = n % 4 < 2 ? "OR" : "AND";
  const words = Array.from({ length: 1 + random(3) }, () => terms[random(terms.length)])
    .map((word) => (expand && random(2) ? word.slice(0, 1 + random(word.length)) : word));
  const search = (of) => of.search(words, { fields: boosts, bool, expand });
  words.forEach((word) => graft(word, expand));
  const [want, got] = [monolith, ours].map(search);
  nResults += want.length;
  const said = `${words.join(" ")} (${bool}${expand ? ", expanded" : ""})`;
  assert.deepEqual(got.map(({ ref }) => ref), want.map(({ ref }) => ref), said);
  got.forEach(({ score }, i) => assert.ok(Math.abs(score - want[i].score) <= 1e-9 * Math.max(1, want[i].score), said));
}
assert.ok(nResults > 5 * N_QUERIES, "the queries find something");
console.log(`${n} queries, ${nResults} results, ${grafted.size} of ${shards.length} shards grafted: the same ids, order and scores.`);
