// Asks every query of tests/search/judgements.toml of four engines over the same pages, and prints how often a page that
// was expected comes first, and among the first three.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { rows as rowsOf, searcher, urls } from "../../search/engine.mjs";
import { judged } from "../../search/judgements.mjs";
import { browser } from "../../browser/harness.mjs";
import { serve } from "../../browser/server.mjs";

const { SITE, TOOLS } = process.env;
const require = createRequire(join(TOOLS, "x.js"));
const elasticlunr = require("elasticlunr"), lunr = require("lunr");
const rows = rowsOf(SITE);

const text = (html) => html.replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"')
  .replace(/&#39;/g, "'").replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();

// A page in sections, one for each heading, as MkDocs and mdBook index it.
const sections = rows.flatMap(([url, title, breadcrumb, , group, teaser]) => {
  if (!url.startsWith("docs/")) return [{ url, title, breadcrumb, group, text: teaser }];
  const html = readFileSync(join(SITE, url, "index.html"), "utf8");
  const body = html.slice(html.indexOf("<article"), html.indexOf("</article>"));
  return body.split(/(?=<h[1-6][ >])/).map((part, i) => {
    const heading = /^<h[1-6][^>]*>(.*?)<\/h[1-6]>/s.exec(part);
    return { url, title: heading && i > 1 ? text(heading[1]) : title, breadcrumb, group: "doc", text: text(part.slice(heading?.[0].length ?? 0)) };
  });
});
const once = (found) => [...new Set(found)];

function ours() {
  const { find } = searcher(SITE);
  return async (q) => urls(await find(q));
}

// mdBook's defaults: every word, the beginning of a word counts, titles count twice.
function mdBook() {
  const index = elasticlunr(function () {
    ["title", "body", "breadcrumbs"].forEach((name) => this.addField(name));
    this.setRef("id");
  });
  sections.forEach((of, id) => index.addDoc({ id, title: of.title, body: of.text, breadcrumbs: of.breadcrumb }));
  const config = { bool: "AND", expand: true, fields: { title: { boost: 2 }, body: { boost: 1 }, breadcrumbs: { boost: 1 } } };
  return async (q) => once(index.search(q, config).map(({ ref }) => sections[ref].url));
}

// Backstage's LunrSearchEngine: an index for each type of document, and each word as it is, as a beginning, and with two
// typing errors.
function backstage() {
  const indexes = ["doc", "catalog"].map((type) => lunr(function () {
    this.pipeline.reset();
    this.pipeline.add(lunr.trimmer, lunr.stopWordFilter, lunr.stemmer);
    ["title", "text", "location"].forEach((name) => this.field(name));
    this.ref("id");
    sections.forEach((of, id) => {
      if ((of.group === "doc") === (type === "doc")) this.add({ id, title: of.title, text: of.text, location: of.url });
    });
  }));
  return async (q) => {
    const found = indexes.flatMap((index) => index.query((query) => {
      const words = lunr.tokenizer(q);
      query.term(words, { usePipeline: true, boost: 100 });
      query.term(words, { usePipeline: false, boost: 10, wildcard: lunr.Query.wildcard.TRAILING });
      query.term(words, { usePipeline: false, editDistance: 2, boost: 1 });
    }));
    return once(found.sort((a, b) => b.score - a.score).map(({ ref }) => sections[ref].url));
  };
}

async function pagefind(run) {
  const binary = join(TOOLS, "node_modules/pagefind/lib/runner/bin.cjs");
  execFileSync("node", [binary, "--site", SITE, "--output-path", join(TOOLS, "pagefind"), "--root-selector", "main", "--exclude-selectors",
    "nav"], { stdio: ["ignore", "ignore", "inherit"] });
  const server = await serve(TOOLS, "/");
  const chromium = await browser();
  try {
    const page = await chromium.newPage();
    await page.route("**/blank", (route) => route.fulfill({ contentType: "text/html", body: "<title>x</title>" }));
    await page.goto(`${server.url}blank`);
    // Lists are pages too; what nobody expects does not count.
    const known = new Set(rows.map(([url]) => url));
    const found = (q) => page.evaluate(async (query) => {
      const { search } = await import("/pagefind/pagefind.js");
      const { results } = await search(query);
      const found = await Promise.all(results.slice(0, 10).map((result) => result.data()));
      return found.map(({ url }) => url.replace(/^\//, "").replace(/index\.html$/, ""));
    }, q);
    return await run(async (q) => (await found(q)).filter((url) => known.has(url)));
  } finally {
    await chromium.close();
    await server.close();
  }
}

const table = [];
async function row(name, answer) {
  // The others have no filters; they are asked for the words alone.
  const words = (q) => q.replace(/\b(kind|owner|system|in):\S+ /g, "");
  const all = await judged(name === "Callboard" ? answer : (q) => answer(words(q)));
  table.push([name, all]);
  if (name === "Callboard") {
    for (const { q, expected, found } of all.missed) console.log(`${q}\n  expected ${expected.join(" or ")}\n  found    ${found.join(", ") || "nothing"}`);
  }
}
await row("Callboard", ours());
await row("elasticlunr as mdBook configures it", mdBook());
await row("lunr as Backstage configures it", backstage());
await pagefind((answer) => row("Pagefind 1.5", answer));

const share = (n, of) => `${((100 * n) / of).toFixed(1)} %`;
console.log(`\n| Engine | Expected page first | Among the first three |\n|---|---:|---:|`);
for (const [name, { n, first, three }] of table) console.log(`| ${name} | ${share(first, n)} | ${share(three, n)} |`);
console.log(`\n${table[0][1].n} queries, ${rows.length} pages and entities.`);
