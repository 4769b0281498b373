// The engine of search without a browser, over a folder that Callboard has built.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const worker = createRequire(import.meta.url)("../../themes/default/assets/search-worker.js");

/** What English is, as the manifest of a portal has it. */
export const english = JSON.parse(readFileSync(new URL("../../src/render/search/english.json", import.meta.url), "utf8"));

/**
 * Puts a shard into tries in elasticlunr's own form, one for each field: the recipe of the guide. A node has `df`, `docs`
 * and a node for each next character.
 */
export function graft(tries, { terms, lists, weights }) {
  const all = lists.split(" "), allWeights = weights.split(" ");
  terms.split(" ").forEach((term, i) => (all[i] || "").split("!").forEach((text, field) => {
    if (!text) return;
    let node = tries[field];
    for (let c = 0; c < term.length; c++) node = node[term[c]] ||= { docs: {}, df: 0 };
    const [df, ids, tfs] = worker.decoded(text, allWeights[i].split("!")[field]);
    node.df = Math.max(node.df, df);
    ids.forEach((id, i) => { node.docs[id] = { tf: tfs[i] }; });
  }));
  return tries;
}

/**
 * Returns { find, answers, loaded } over a built site. `find` resolves to the last answer to a query; `loaded` lists the
 * files that were read, in order.
 */
export function searcher(folder, { read = (name) => JSON.parse(readFileSync(join(folder, "search", name), "utf8")) } = {}) {
  const loaded = [];
  let nr = 0, receive = () => {};
  const load = async (name) => {
    loaded.push(name);
    return read(name);
  };
  const send = worker.engine(load, async () => "", (answer) => receive(answer));
  const find = (q, options = {}) => new Promise((resolve) => {
    const asked = ++nr;
    receive = (answer) => { if (answer.nr === asked && !answer.isPending && !answer.url) resolve(answer); };
    send({ nr: asked, q, ...options });
  });
  return { find, loaded, send };
}

/** Returns the addresses of an answer in the order in which they are shown. */
export const urls = (answer) => (answer.groups ?? []).flatMap(({ items }) => items.map(({ url }) => url));

/** Returns the rows of all documents of a built site: [url, title, breadcrumb, icon, group, teaser, headings]. */
export function rows(folder) {
  const read = (name) => JSON.parse(readFileSync(join(folder, "search", name), "utf8"));
  const { docs } = read("manifest.json");
  return docs.hash.match(/.{6}/g).flatMap((hash, nr) => read(`d/${nr}-${hash}.json`)).map((row) => [...row.slice(0, 6), row[6] ?? []]);
}
