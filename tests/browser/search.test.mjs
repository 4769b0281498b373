// Search, as a reader meets it: at the root of a host and at a sub-path.

import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";

import { rows as rowsOf, worker } from "../search/engine.mjs";
import { assertQuiet, browser, builtSite, openPage } from "./harness.mjs";
import { serve } from "./server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const site = builtSite();
const rows = rowsOf(site.folder);
const component = rows.find((row) => row[3] === "component");
const docsPage = rows.find((row) => row[4] === "doc" && row[6].length > 1);
assert.ok(component && docsPage, "the site has a component, and a docs page with headings");

let chromium;
before(async () => { chromium = await browser(); });
after(async () => {
  await chromium?.close();
  site.remove();
});

const dialog = (page) => page.locator("dialog[data-search-dialog]");
const input = (page) => dialog(page).getByRole("combobox");
const options = (page) => dialog(page).getByRole("option");
const status = (page) => dialog(page).getByRole("status");
const first = (page) => options(page).first();
// Waits for the answer to the whole query: a first one may come from names alone.
const settled = (page) => page.waitForFunction(() => {
  const asked = document.querySelector("dialog [data-search-input]").value;
  return document.querySelector("dialog [data-search-results]").dataset.answers === asked;
});
const type = async (page, query) => {
  if (!(await dialog(page).isVisible())) await page.keyboard.press("Control+k");
  await input(page).and(page.locator(":focus")).waitFor();
  await page.keyboard.type(query);
  await settled(page);
  assert.equal(await input(page).inputValue(), query);
};
const address = (url) => url.replace(/[?#].*$/, "");

for (const prefix of ["/", "/portal/"]) {
  describe(`at ${prefix}`, () => {
    let server;
    before(async () => { server = await serve(site.folder, prefix); });
    after(() => server.close());

    // Runs a test on a page of the site, which must not complain.
    const on = (path, name, run, options) => test(name, async () => {
      const opened = await openPage(chromium, server.url + path, options);
      try {
        await run(opened.page, opened);
        assertQuiet(opened);
      } finally {
        await opened.close();
      }
    });

    on("", "Ctrl-K, words, arrows and Enter lead to a result", async (page) => {
      await page.keyboard.press("Control+k");
      assert.ok(await input(page).evaluate((element) => element === document.activeElement), "the box has the focus");
      await type(page, component[1]);
      assert.equal(await first(page).getAttribute("aria-selected"), "true");
      assert.equal(await input(page).getAttribute("aria-expanded"), "true");
      const n = await options(page).count();
      assert.ok(n > 1);
      await page.keyboard.press("ArrowUp");
      assert.equal(await options(page).last().getAttribute("aria-selected"), "true");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      assert.equal(await options(page).nth(1).getAttribute("aria-selected"), "true");
      assert.equal(await input(page).getAttribute("aria-activedescendant"), await options(page).nth(1).getAttribute("id"));
      await page.keyboard.press("ArrowUp");
      const href = await first(page).evaluate((link) => link.href);
      await page.keyboard.press("Enter");
      await page.waitForURL(href);
      assert.ok(page.url().startsWith(server.url));
    });

    on("", "an entity's name brings the entity first", async (page) => {
      await type(page, component[0].split("/").at(-2));
      assert.equal(address(await first(page).evaluate((link) => link.href)), server.url + component[0]);
      assert.ok((await first(page).locator("mark").count()) > 0, "what was asked for is marked");
    });

    on("", "/ opens the dialog, but not while somebody types", async (page) => {
      await page.evaluate(() => {
        const input = document.createElement("input");
        input.dataset.ours = "";
        document.body.prepend(input);
      });
      await page.locator("[data-ours]").focus();
      await page.keyboard.press("/");
      assert.equal(await dialog(page).isVisible(), false);
      assert.equal(await page.locator("[data-ours]").inputValue(), "/");
      await page.locator("[data-ours]").evaluate((element) => element.remove());
      await page.keyboard.press("/");
      assert.ok(await dialog(page).isVisible());
      assert.equal(await input(page).inputValue(), "");
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "hidden" });
    });

    on("", "the button in the header opens the dialog", async (page) => {
      await page.locator("[data-search-open]:visible").first().click();
      assert.ok(await dialog(page).isVisible());
      await dialog(page).locator("[data-search-close]").click();
      await dialog(page).waitFor({ state: "hidden" });
    });

    on(docsPage[0], "a heading leads to its place in the page", async (page) => {
      const [anchor, text] = docsPage[6].at(-1);
      await type(page, `${docsPage[1]} ${text}`);
      const link = dialog(page).locator(`a[href*="${docsPage[0]}"][href$="#${encodeURIComponent(anchor)}"]`).first();
      await link.click();
      await page.waitForURL((url) => url.hash === `#${encodeURIComponent(anchor)}`);
      await dialog(page).waitFor({ state: "hidden" });
    });

    on("search/?q=" + encodeURIComponent(component[1]), "a search has a URL", async (page) => {
      const results = page.locator("[data-search-page] [data-search-results]");
      await results.locator(`a[href^="${server.url}${component[0]}"]`).first().waitFor();
      const input = page.locator("[data-search-page] [data-search-input]");
      assert.equal(await input.inputValue(), component[1]);
      assert.equal(await page.locator("[data-search-index]").isVisible(), false);
      await input.fill("zzzzqqq");
      await page.getByText("Nothing found").waitFor();
      assert.equal(new URL(page.url()).searchParams.get("q"), "zzzzqqq");
      await input.fill("");
      await page.locator("[data-search-index]").waitFor();
      assert.equal(new URL(page.url()).search, "");
    });

    const HOSTILE = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>(a+)+$ [^`;
    on("search/?q=" + encodeURIComponent(HOSTILE), "a query is text and nothing else", async (page) => {
      await page.locator("[data-search-page] [data-search-status]").filter({ hasText: /result|Nothing/ }).waitFor();
      assert.notEqual(await page.title(), "run");
      assert.equal(await page.locator("[data-search-page] img").count(), 0);
    });

    on("search/", "without a script, the page lists everything", async (page) => {
      const links = page.locator("[data-search-index] ul a");
      const entities = rows.filter((row) => /^catalog\/[^#]*$/.test(row[0]));
      assert.ok((await links.count()) >= entities.length);
      const hrefs = await links.evaluateAll((all) => all.map((link) => link.href));
      for (const row of entities) assert.ok(hrefs.includes(server.url + row[0]), row[0]);
    }, { javaScriptEnabled: false });
  });
}

test("a file that was let go is fetched again once it is wanted again", async () => {
  const read = (name) => JSON.parse(readFileSync(`${site.folder}/search/${name}`, "utf8"));
  let onLoad = () => {}, onAbort = () => {};
  // A shard takes its time, also to notice that nobody waits for it.
  const load = (name, signal) => name.startsWith("t/") ? new Promise((resolve, reject) => {
    setTimeout(() => signal.aborted || resolve(read(name)), 50);
    signal.addEventListener("abort", () => { setTimeout(reject, 20); onAbort(); });
    onLoad();
  }) : Promise.resolve(read(name));
  let onAnswer = () => {};
  const send = worker.engine(load, async () => "", (answer) => { if (answer.nr === 3 && !answer.isPending && !answer.url) onAnswer(answer); });
  const loads = new Promise((resolve) => { onLoad = resolve; });
  send({ nr: 1, q: "idempotent" });
  await loads;
  const aborts = new Promise((resolve) => { onAbort = resolve; });
  send({ nr: 2, q: "zebra" });
  await aborts;
  const answered = new Promise((resolve) => { onAnswer = resolve; });
  send({ nr: 3, q: "idempotent" });
  const { total } = await answered;
  assert.ok(total > 0, "the page about it is found");
});

// Returns an index in which each word and each document has a file of its own, and counts how many are read at once.
function manyFiles(words) {
  const name = (i, length) => String(i).padStart(length, "a").replace(/\d/g, (digit) => "bcdefghijk"[digit]);
  const all = (length) => words.map((_, i) => name(i, length)).join("");
  const column = { of: [], at: [] };
  const files = {
    "manifest.json": {
      n: words.length, entities: 0, fields: [["body", 1], ["title", 8], ["headings", 4], ["tags", 2]], common: "", endings: "", stems: [], limit: 20,
      terms: { from: ["", ...words.slice(1)].join(" "), hash: all(8) }, more: { from: "", hash: "" }, docs: { len: 1, hash: all(6) },
      entity: { len: 10_000, hash: "eeeeeeee" }, words: "w",
    },
    "e/0-eeeeeeee.json": {
      kinds: [], names: [], titles: [], namespace: column, type: column, lifecycle: column, owner: column, system: column, tag: column,
      ranges: { apis: 0, n: [words.length], entity: [null], base: ["docs/x/"] },
    },
    "w/w.json": { words: "" },
  };
  words.forEach((word, i) => {
    files[`t/${name(i, 8)}.json`] = { terms: word, lists: String.fromCharCode(35 + i), weights: "$" };
    files[`d/${i}-${name(i, 6)}.json`] = [[`docs/x/${i}/`, word, "X", "docs", "doc", ""]];
  });
  const reads = { most: 0, now: 0, all: [] };
  const load = async (file) => {
    reads.all.push(file);
    reads.most = Math.max(reads.most, ++reads.now);
    await new Promise((go) => setTimeout(go, 5));
    reads.now--;
    return files[file];
  };
  let nr = 0, onAnswer;
  const send = worker.engine(load, async () => "", (answer) => { if (answer.nr === nr && !answer.isPending) onAnswer(answer); });
  const find = (q) => new Promise((resolve) => {
    onAnswer = resolve;
    send({ nr: ++nr, q });
  });
  return { reads, find, files };
}
const letters = (i) => String.fromCharCode(97 + (i / 26 | 0), 97 + i % 26);
const WORDS = Array.from({ length: 100 }, (_, i) => `word${letters(i)}`);

test("at most four files are fetched at the same time", async () => {
  const { reads, find } = manyFiles(WORDS.slice(0, 40));
  const { total } = await find(`${WORDS.slice(0, 30).join(" ")} `);
  assert.ok(total > 0);
  assert.equal(reads.most, 4);
  assert.equal(reads.all.filter((file) => file.startsWith("t/")).length, 30);
});

test("the last 64 files are kept, and those before are fetched again", async () => {
  const { reads, find } = manyFiles(WORDS.slice(0, 45));
  const first = `${WORDS[0]} `;
  const n = () => reads.all.length;
  await find(first);
  const before = n();
  await find(first);
  assert.equal(n(), before, "nothing is fetched twice");
  for (const word of WORDS.slice(1, 30)) await find(`${word} `);
  const { total } = await find(first);
  const later = n();
  for (const word of WORDS.slice(30, 45)) await find(`${word} `);
  assert.equal(total, 1);
  assert.equal(n(), later + 30, "a shard and a chunk for each word");
  await find(`${WORDS[1]} `);
  assert.equal(n(), later + 32, "it was let go");
  await find(`${WORDS[1]} `);
  assert.equal(n(), later + 32);
});

test("a word that more than half of the documents have is not required where the best of them are listed", async () => {
  const { reads, find, files } = manyFiles(WORDS.slice(0, 10));
  const name = (word) => Object.keys(files).find((file) => files[file].terms === word);
  // Eight of ten documents have the first word, of which two are listed.
  files[name(WORDS[0])].lists = "+~#$";
  files[name(WORDS[0])].weights = "$$";
  const { total, isPartial, groups } = await find(`${WORDS[0]} ${WORDS[5]} `);
  assert.deepEqual([total, isPartial, groups[0].items[0].url], [1, false, "docs/x/5/"]);
  assert.ok(reads.all.every((file) => !file.startsWith("o/")));
  // Three of ten are not half of them.
  files[name(WORDS[1])].lists = "&~#$";
  files[name(WORDS[1])].weights = "$$";
  const other = await find(`${WORDS[1]} ${WORDS[5]} `);
  assert.ok(other.isPartial);
});

test("in a large portal headings are known by their marks, and come with the page", async () => {
  const read = (name) => JSON.parse(readFileSync(`${site.folder}/search/${name}`, "utf8"));
  const value = (n) => String.fromCharCode(35 + n + (n >= 57));
  const mark = (text) => {
    const sum = [...text.toLowerCase().replace(/ /g, "")].reduce((sum, c) => (sum * 31 + c.codePointAt()) % 8100, 0);
    return value(Math.floor(sum / 90)) + value(sum % 90);
  };
  const brief = (row) => (row[6] ? [...row.slice(0, 6), row[6].map(([, text]) => mark(text)).join("")] : row);
  const load = async (name) => (name.startsWith("d/") ? read(name).map(brief) : read(name));
  const wanted = rows.flatMap((row) => row[6].map(([anchor, text]) => ({ url: row[0], anchor, text })))
    .filter(({ text }, _, all) => /^[A-Z][a-z]+( [a-z]+)+$/.test(text) && all.filter((other) => other.text === text).length === 1).slice(0, 8);
  assert.ok(wanted.length > 3);
  for (const { url, anchor, text } of wanted) {
    const texts = await new Promise((resolve, reject) => {
      const page = async (path) => readFileSync(`${site.folder}/${path}index.html`, "utf8");
      let shown;
      const receive = (answer) => {
        if (answer.isLost) reject(answer);
        else if (answer.url === url) resolve([shown[0].url, shown[0].headings, answer.headings]);
        else if (!answer.url && !answer.isPending) shown = answer.groups.flatMap(({ items }) => items);
      };
      worker.engine(load, page, receive)({ nr: 1, q: `${text} ` });
    });
    assert.equal(texts[0], url, `of ${text}`);
    assert.deepEqual(texts[1], []);
    assert.ok(texts[2].some(([id, pieces]) => id === anchor && pieces.join("") === text), `of ${text}: ${JSON.stringify(texts[2])}`);
  }
});

describe("the dialog", () => {
  let server;
  before(async () => { server = await serve(site.folder, "/"); });
  after(() => server.close());
  const on = (path, name, run, options) => test(name, async () => {
    const opened = await openPage(chromium, server.url + path, options);
    try {
      await run(opened.page, opened);
    } finally {
      await opened.close();
    }
  });

  for (const colorScheme of ["light", "dark"]) {
    on("", `follows the combobox pattern, in ${colorScheme} colours`, async (page) => {
      await type(page, "ticket");
      await page.waitForTimeout(400); // Its texts come in by and by.
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run(document.querySelector("dialog"), { resultTypes: ["violations"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    }, { colorScheme, bypassCSP: true });
  }

  on("search/?q=ticket", "the page of results is as accessible", async (page) => {
    await page.locator("[data-search-page] .search-result").first().waitFor();
    await page.waitForTimeout(400);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => axe.run(document.querySelector("main"), { resultTypes: ["violations"] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
  }, { bypassCSP: true });

  on("", "chips narrow a search down, and are words as well", async (page, opened) => {
    await type(page, "ticket");
    const before = await status(page).textContent();
    await dialog(page).getByRole("button", { name: /^kind\s*component/ }).click();
    await settled(page);
    assert.match(await input(page).inputValue(), /^kind:component ticket/);
    const all = await options(page).evaluateAll((links) => links.map((link) => link.pathname));
    assert.ok(all.length > 0 && all.every((path) => path.includes("/component/")), all.join(" "));
    await dialog(page).getByRole("button", { pressed: true }).click();
    await status(page).filter({ hasText: before }).waitFor();
    assert.doesNotMatch(await input(page).inputValue(), /kind:/);
    assertQuiet(opened);
  });

  on("docs/default/component/ticketing-service/guides/refunds/", "a search on a docs page may stay in its docs", async (page, opened) => {
    await type(page, "setup");
    await dialog(page).getByRole("button", { name: /^in\s*ticketing-service$/ }).click();
    await status(page).filter({ hasText: "1 result" }).waitFor();
    assert.ok((await first(page).evaluate((link) => link.pathname)).startsWith("/docs/default/component/ticketing-service/"));
    assertQuiet(opened);
  });

  on("", "a typing error finds what was meant, and says so", async (page) => {
    await type(page, "foghron");
    assert.match(await status(page).textContent(), /Nothing has “foghron”; showing “foghorn”/);
    assert.match(await first(page).textContent(), /Foghorn/);
  });

  on("", "words are marked where a result leads to, until Esc", async (page, opened) => {
    await type(page, "harmonic constants storm");
    await first(page).click();
    await page.waitForFunction(() => CSS.highlights.get("search")?.size > 0);
    assert.equal(new URL(page.url()).searchParams.get("h"), "harmonic constants storm");
    const marked = await page.evaluate(() => [...CSS.highlights.get("search")].map(String));
    assert.ok(marked.includes("harmonic"), marked.join(" "));
    const top = await page.evaluate(() => [...CSS.highlights.get("search")][0].getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 800, "the first is in sight");
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => CSS.highlights.has("search")), false);
    assert.equal(new URL(page.url()).search, "");
    assertQuiet(opened);
  });

  on("", "texts are cut around what was asked for", async (page) => {
    await type(page, "idempotent");
    await first(page).locator(".search-teaser mark", { hasText: /idempotent/i }).waitFor();
  });

  on("", "what was searched for before comes back", async (page) => {
    await type(page, "glove mode");
    await dialog(page).locator('[aria-selected="true"][href*="bridge-tablet"]').waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/bridge-tablet/);
    await page.keyboard.press("Control+k");
    await dialog(page).getByText("Recent searches").waitFor();
    assert.equal(await first(page).textContent(), "glove mode");
    await page.keyboard.press("Enter");
    await settled(page);
    assert.equal(await input(page).inputValue(), "glove mode");
  });

  on("", "a search is forgotten by a click or by Delete", async (page, opened) => {
    await page.evaluate(() => { localStorage["callboard-searches"] = JSON.stringify(["one", "two", "three"]); });
    await page.keyboard.press("Control+k");
    await dialog(page).getByText("Recent searches").waitFor();
    const shown = () => options(page).locator(".search-title").allTextContents();
    assert.deepEqual(await shown(), ["one", "two", "three"]);
    await options(page).nth(1).locator(".search-forget").click();
    assert.deepEqual(await shown(), ["one", "three"]);
    assert.ok(await input(page).evaluate((box) => box === document.activeElement && !box.value));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Delete");
    assert.deepEqual(await shown(), ["one"]);
    assert.deepEqual(await page.evaluate(() => JSON.parse(localStorage["callboard-searches"])), ["one"]);
    await page.keyboard.press("Delete");
    assert.equal(await options(page).count(), 0);
    await page.keyboard.press("Delete");
    // In a query it is a key like any other.
    await type(page, "ticket");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Delete");
    assert.equal(await input(page).inputValue(), "ticke");
    assertQuiet(opened);
  });

  on(component[0], "a search on an entity's page may stay with what belongs to it", async (page, opened) => {
    const name = component[0].split("/").at(-2);
    await page.keyboard.press("Control+k");
    await dialog(page).getByRole("button", { name: new RegExp(`^in\\s*${name}$`) }).click();
    await settled(page);
    assert.equal((await input(page).inputValue()).trim(), `in:${name}`);
    await page.keyboard.type(name);
    await settled(page);
    const all = await options(page).evaluateAll((links) => links.map((link) => link.pathname));
    assert.ok(all.length > 0 && all.every((path) => path.includes(`/${name}/`)), all.join(" "));
    assertQuiet(opened);
  });

  on("", "10,000 characters are no trouble", async (page, opened) => {
    await page.keyboard.press("Control+k");
    const started = Date.now();
    for (const query of ["x".repeat(10_000), "a b ".repeat(2_500), "(a*)*b".repeat(1_600), "字".repeat(10_000), "a_".repeat(5_000), "\ud800 \u0000 \udc00", "%E0%A4%A"]) {
      await input(page).fill(query);
      await settled(page);
    }
    assert.ok(Date.now() - started < 5_000, `it took ${Date.now() - started} ms`);
    assertQuiet(opened);
  });

  on("", "it works where there are no workers", async (page) => {
    await type(page, component[1]);
    assert.ok((await options(page).count()) > 0);
  });
});

test("without workers the page itself searches", async () => {
  const server = await serve(site.folder, "/");
  const context = await chromium.newContext();
  await context.addInitScript(() => { delete globalThis.Worker; });
  const page = await context.newPage();
  try {
    await page.goto(server.url);
    await type(page, component[1]);
    assert.ok((await options(page).count()) > 0);
  } finally {
    await context.close();
    await server.close();
  }
});

for (const [what, answer] of [["missing", { status: 404, body: "" }], ["truncated", { status: 200, contentType: "application/json", body: '{"terms":"a b' }]]) {
  test(`a part of the index that is ${what} is a message, the rest stands, and trying again helps`, async () => {
    const server = await serve(site.folder, "/");
    const { page, close } = await openPage(chromium, server.url);
    try {
      const isShard = (url) => url.pathname.includes("/search/t/");
      await page.context().route(isShard, (route) => route.fulfill(answer));
      await page.keyboard.press("Control+k");
      await page.keyboard.type(component[1]);
      const retry = page.getByRole("button", { name: "Try again" });
      await retry.waitFor();
      assert.match(await status(page).textContent(), /A part of the index could not be loaded/);
      assert.equal(address(await first(page).evaluate((link) => link.href)), server.url + component[0], "names are known without it");
      await page.context().unroute(isShard);
      await retry.click();
      await status(page).filter({ hasNotText: "could not be loaded" }).filter({ hasText: "result" }).waitFor();
    } finally {
      await close();
      await server.close();
    }
  });
}

test("a manifest that is missing is a message, and trying again helps", async () => {
  const server = await serve(site.folder, "/");
  const { page, close } = await openPage(chromium, server.url);
  try {
    const isManifest = (url) => url.pathname.endsWith("/search/manifest.json");
    await page.context().route(isManifest, (route) => route.abort());
    await page.keyboard.press("Control+k");
    await page.keyboard.type(component[1]);
    const retry = page.getByRole("button", { name: "Try again" });
    await retry.waitFor();
    await page.context().unroute(isManifest);
    await retry.click();
    await options(page).first().waitFor();
  } finally {
    await close();
    await server.close();
  }
});

test("pages that are opened as files are searched from a script", async () => {
  const context = await chromium.newContext();
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    await page.goto(`file://${site.folder}/index.html`);
    await type(page, component[1]);
    const href = await first(page).evaluate((link) => link.href);
    assert.equal(address(href), `file://${site.folder}/${component[0]}index.html`);
    await page.waitForTimeout(400);
    assert.deepEqual(complaints, []);
    // A larger portal has no such script.
    renameSync(`${site.folder}/search/files.js`, `${site.folder}/search/files.not`);
    await page.reload();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("x");
    await status(page).filter({ hasText: "only a small portal can be searched" }).waitFor();
  } finally {
    if (existsSync(`${site.folder}/search/files.not`)) renameSync(`${site.folder}/search/files.not`, `${site.folder}/search/files.js`);
    await context.close();
  }
});

test("an operation is found by its name and its path, and leads to its line", async () => {
  const server = await serve(site.folder, "/");
  const opened = await openPage(chromium, server.url);
  const { page } = opened;
  try {
    const href = `${server.url}catalog/default/api/timetable-api/`;
    for (const query of ["listQuays", "GET /quays", "list all quays"]) {
      await page.keyboard.press("Control+k");
      await input(page).fill(query);
      await settled(page);
      assert.equal(await first(page).evaluate((link) => link.href.replace(/\?[^#]*/, "")), `${href}#operation-listquays`, query);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(/#operation-listquays$/);
    const anchor = page.locator("#operation-listquays");
    assert.match(await anchor.evaluate((span) => span.nextSibling.textContent + span.parentElement.textContent), /get:/);
    await page.waitForFunction(() => document.querySelector(":target").getBoundingClientRect().top < innerHeight);
    assertQuiet(opened);
  } finally {
    await opened.close();
    await server.close();
  }
});

test("? explains the box, and is a letter like any other in a query", async () => {
  const server = await serve(site.folder, "/");
  const opened = await openPage(chromium, server.url);
  const { page } = opened;
  try {
    await page.keyboard.press("Control+k");
    await page.keyboard.press("?");
    await dialog(page).getByText("narrows a search down").waitFor();
    assert.equal(await input(page).inputValue(), "");
    await type(page, "a?");
    assert.equal(await dialog(page).getByText("narrows a search down").isVisible(), false);
    assertQuiet(opened);
  } finally {
    await opened.close();
    await server.close();
  }
});
