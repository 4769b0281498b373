// The catalog of the example site: filtering, sorting, addresses, stars, cards, the graph, and all of it without scripts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { assertQuiet, browser, builtSite, openPage } from "./harness.mjs";
import { serve } from "./server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGES = [
  "catalog/component/", "catalog/default/component/ticketing-service/", "catalog/default/system/ticketing/",
  "catalog/default/domain/passengers/", "catalog/default/group/gangway/", "catalog/default/user/ida.brekke/",
  "catalog/default/api/tickets-api/", "org/", "health/", "health/without-docs/", "api-docs/",
  "catalog-graph/?rootEntityRefs=component:default/ticketing-service",
];

const site = builtSite();
let chromium, server;
before(async () => {
  chromium = await browser();
  server = await serve(site.folder, "/portal/");
});
after(async () => {
  await chromium?.close();
  await server?.close();
  site.remove();
});

/** Opens a page, hands it to `act`, and fails when it complained. */
async function on(path, act, options = {}) {
  const opened = await openPage(chromium, server.url + path, { viewport: { width: 1440, height: 1000 }, ...options });
  try {
    await act(opened.page, opened);
    assertQuiet(opened);
  } finally {
    await opened.close();
  }
}
const ready = (page) => page.waitForSelector("section[data-ready]");
const names = (page) => page.$$eval("table.rows tbody th .entity", (links) => links.map((link) => link.textContent.trim()));

test("facets narrow the table, and the address says how", async () => {
  await on("catalog/component/", async (page) => {
    await ready(page);
    const all = await names(page);
    await page.getByLabel(/^service/).check();
    const services = await names(page);
    assert.ok(services.length > 0 && services.length < all.length, `${services}`);
    await page.waitForURL(/filters\[type\]=service/);
    // The column is of no use while all rows have the same type.
    assert.equal(await page.locator("th[data-col=type]").isVisible(), false);
    await page.reload();
    await ready(page);
    assert.deepEqual(await names(page), services);
    await page.getByRole("button", { name: /Take away Type service/ }).click();
    assert.deepEqual(await names(page), all);
  });
});

test("words filter by name and tag, and columns sort", async () => {
  await on("catalog/component/", async (page) => {
    await ready(page);
    await page.getByRole("searchbox", { name: "Filter by name or tag" }).fill("ticket");
    const found = await names(page);
    assert.ok(found.length >= 2 && found.every((name) => /ticket/i.test(name)), `${found}`);
    await page.getByRole("button", { name: "Name" }).click();
    assert.deepEqual(await names(page), [...found].reverse());
    assert.equal(await page.locator("th[data-col=name]").getAttribute("aria-sort"), "descending");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
    assert.equal(download.suggestedFilename(), "component.csv");
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString().trim().split("\r\n").length, found.length + 1);
  });
});

test("an address of Backstage's leads to the same table", async () => {
  await on("catalog/?filters[kind]=api&filters[user]=all&filters[lifecycles]=production", async (page) => {
    await page.waitForURL(/\/catalog\/api\//);
    await ready(page);
    assert.equal(await page.getByLabel(/^production/).isChecked(), true);
  });
});

test("what is starred and owned is kept in the browser", async () => {
  await on("catalog/component/", async (page) => {
    await ready(page);
    await page.getByRole("button", { name: "Star Fare engine" }).click();
    await page.getByLabel("Starred").check();
    assert.deepEqual(await names(page), ["Fare engine"]);
    await page.getByLabel("Owned").check();
    await page.getByRole("dialog").getByRole("searchbox").fill("gangway");
    await page.getByRole("dialog").getByRole("button", { name: /Gangway/ }).click();
    const owned = await names(page);
    assert.ok(owned.includes("Ticket office") && !owned.includes("Handbook"), `${owned}`);
    await page.goto(server.url + "catalog/default/component/fare-engine/");
    assert.equal(await page.getByRole("button", { name: "Star Fare engine" }).getAttribute("aria-pressed"), "true");
  });
});

test("pointing at an entity shows its card, and so does the keyboard", async () => {
  await on("catalog/default/component/ticketing-service/", async (page) => {
    const link = page.locator(".about a.entity").first();
    await link.hover();
    const card = page.getByRole("tooltip");
    await card.waitFor({ state: "visible" });
    assert.match(await card.textContent(), /Gangway/);
    await page.keyboard.press("Escape");
    assert.equal(await card.isVisible(), false);
    await page.locator(".relations a.entity").first().focus();
    await page.keyboard.press("Alt+ArrowDown");
    await card.waitFor({ state: "visible" });
  });
});

test("the graph can be walked, and its address shared", async () => {
  await on("catalog-graph/?rootEntityRefs=component:default/ticketing-service&maxDepth=1", async (page) => {
    await page.waitForSelector("[data-explorer][data-ready]");
    const boxes = page.locator("[data-explorer-graph] .node");
    const n = await boxes.count();
    assert.ok(n > 4, `${n} boxes`);
    await page.getByLabel("Depth").selectOption("3");
    assert.ok((await boxes.count()) > n);
    await page.waitForURL(/maxDepth=3/);
    await page.locator("[data-explorer-graph] a.node").filter({ hasText: "Fare engine" }).click();
    await page.waitForURL(/rootEntityRefs=component:default\/fare-engine/);
    await page.goBack();
    await page.waitForURL(/rootEntityRefs=component:default\/ticketing-service/);
    for (const direction of ["RL", "TB", "BT"]) await page.getByLabel("Direction").selectOption(direction);
  });
});

test("everything is there without scripts", async () => {
  const options = { javaScriptEnabled: false };
  await on("catalog/component/", async (page) => {
    assert.ok((await names(page)).includes("Fare engine"));
    assert.equal(await page.locator("form[data-facets]").isVisible(), false);
    assert.equal(await page.getByRole("link", { name: "CSV" }).isVisible(), true);
  }, options);
  await on("catalog-graph/", async (page) => {
    assert.ok((await page.locator(".graph-row").count()) > 10);
  }, options);
  await on("catalog/default/system/ticketing/", async (page) => {
    assert.ok((await page.locator("svg a.node[href]").count()) > 10);
    await page.locator("svg a.node", { hasText: "Fare engine" }).first().click();
    assert.match(page.url(), /fare-engine/);
  }, options);
  await on("org/", async (page) => {
    assert.ok((await page.locator(".org-tree ul ul ul li").count()) >= 4);
  }, options);
});

for (const colorScheme of ["light", "dark"]) for (const width of [1440, 390]) {
  test(`nothing stands in the way of anybody, ${width} px wide, in ${colorScheme} colours`, async () => {
    const found = [];
    for (const path of PAGES) {
      await on(path, async (page) => {
        await page.waitForTimeout(300); // Tables and the graph are drawn by and by.
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        for (const { id, nodes } of violations) found.push(`${path} ${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) found.push(`${path} is ${wide} px too wide`);
      }, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    }
    assert.deepEqual(found, []);
  });
}

test("the keyboard alone filters a table and opens an entity", async () => {
  await on("catalog/component/", async (page) => {
    await ready(page);
    await page.getByLabel(/^library/).focus();
    await page.keyboard.press("Space");
    await page.waitForURL(/filters\[type\]=library/);
    const found = await names(page);
    assert.ok(found.length > 0 && found.length < 13, `${found}`);
    await page.locator("th[data-col=owner] button").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("th[data-col=owner]").getAttribute("aria-sort"), "ascending");
    await page.locator("table.rows tbody th a.entity").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/catalog\/default\/component\//);
  });
});
