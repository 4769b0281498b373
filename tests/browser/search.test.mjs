// Search, as a reader meets it: at the root of a host and at a sub-path.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { assertQuiet, browser, builtSite, openPage } from "./harness.mjs";
import { serve } from "./server.mjs";

const site = builtSite();
const manifest = JSON.parse(readFileSync(join(site.folder, "search/manifest.json"), "utf8"));
const rows = JSON.parse(readFileSync(join(site.folder, "search", manifest.docs), "utf8")).docs;
const component = rows.find((row) => row[3] === "component");
const docsPage = rows.find((row) => row[4] === "doc" && row[6].length > 1);
assert.ok(component && docsPage, "the site has a component, and a docs page with headings");

let chromium;
before(async () => { chromium = await browser(); });
after(async () => {
  await chromium?.close();
  site.remove();
});

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
    const dialog = (page) => page.locator("dialog[data-search-dialog]");
    const options = (page) => dialog(page).getByRole("option");

    on("", "Ctrl-K, words, arrows and Enter lead to a result", async (page) => {
      await page.keyboard.press("Control+k");
      const input = dialog(page).getByRole("combobox");
      assert.ok(await input.evaluate((element) => element === document.activeElement), "the box has the focus");
      await page.keyboard.type(component[1]);
      await options(page).first().waitFor();
      const titles = await options(page).allTextContents();
      assert.ok(titles.some((title) => title.includes(component[1])), `${component[1]} is among ${titles}`);
      assert.equal(await options(page).first().getAttribute("aria-selected"), "true");

      await page.keyboard.press("End");
      assert.equal(await options(page).last().getAttribute("aria-selected"), "true");
      await page.keyboard.press("Home");
      const n = titles.length;
      if (n > 1) {
        await page.keyboard.press("ArrowDown");
        assert.equal(await options(page).nth(1).getAttribute("aria-selected"), "true");
        const active = await input.getAttribute("aria-activedescendant");
        assert.equal(active, await options(page).nth(1).getAttribute("id"));
        await page.keyboard.press("ArrowUp");
      }
      const href = await options(page).first().getAttribute("href");
      await page.keyboard.press("Enter");
      await page.waitForURL(href);
      assert.ok(page.url().startsWith(server.url));
    });

    on("", "an entity's name brings the entity first", async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type(component[0].split("/").at(-2));
      await options(page).first().waitFor();
      assert.equal(await options(page).first().getAttribute("href"), server.url + component[0]);
      assert.ok((await options(page).first().locator("mark").count()) > 0, "what was asked for is marked");
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
      assert.equal(await dialog(page).getByRole("combobox").inputValue(), "");
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
      await page.keyboard.press("Control+k");
      await page.keyboard.type(`${docsPage[1]} ${text}`);
      const href = `${server.url}${docsPage[0]}#${encodeURIComponent(anchor)}`;
      const link = dialog(page).locator(`a[href="${href}"]`);
      await link.waitFor();
      await link.click();
      await page.waitForURL(href);
      await dialog(page).waitFor({ state: "hidden" });
    });

    on("search/?q=" + encodeURIComponent(component[1]), "a search has a URL", async (page) => {
      const results = page.locator("[data-search-page] [data-search-results]");
      await results.locator(`a[href="${server.url}${component[0]}"]`).first().waitFor();
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

    const HOSTILE = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
    on("search/?q=" + encodeURIComponent(HOSTILE), "a query is text and nothing else", async (page) => {
      await page.locator("[data-search-status]:not(:empty)").waitFor();
      assert.notEqual(await page.title(), "run");
      assert.equal(await page.locator("[data-search-page] img").count(), 0);
    });

    on("search/", "without a script, the page lists everything", async (page) => {
      const links = page.locator("[data-search-index] ul a");
      const entities = rows.filter((row) => row[4] !== "doc");
      assert.ok((await links.count()) >= entities.length);
      const hrefs = await links.evaluateAll((all) => all.map((link) => link.href));
      for (const row of entities) assert.ok(hrefs.includes(server.url + row[0]), row[0]);
    }, { javaScriptEnabled: false });
  });
}

test("an index that is missing is a message, and trying again helps", async () => {
  const server = await serve(site.folder, "/");
  const { page, close } = await openPage(chromium, server.url);
  try {
    const missing = (url) => url.pathname.includes("/search/t/");
    await page.route(missing, (route) => route.fulfill({ status: 404, body: "" }));
    await page.keyboard.press("Control+k");
    await page.keyboard.type(component[1]);
    const retry = page.getByRole("button", { name: "Try again" });
    await retry.waitFor();
    await page.unroute(missing);
    await retry.click();
    await page.locator("dialog[data-search-dialog] [role=option]").first().waitFor();
  } finally {
    await close();
    await server.close();
  }
});
