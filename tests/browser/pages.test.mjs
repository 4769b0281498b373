// Every kind of page: nothing leaves the site, nothing breaks its policy, nothing is wider than a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertQuiet, browser, builtSite, openPage } from "./harness.mjs";
import { rows as rowsOf } from "../search/engine.mjs";
import { serve } from "./server.mjs";

const site = builtSite();
const rows = rowsOf(site.folder);
const paths = [
  "",
  "catalog/",
  "docs/",
  "search/",
  "org/",
  "catalog-graph/",
  "health/",
  "health/by-owner/",
  "health/by-code/",
  "health/dangling/",
  "health/without-docs/",
  ...rows.filter((row, idx) => rows.findIndex((other) => other[3] === row[3]) === idx).map((row) => row[0]),
  ...rows.filter((row) => row[4] === "doc").map((row) => row[0]),
];

let chromium;
let server;
before(async () => {
  chromium = await browser();
  server = await serve(site.folder, "/portal/");
});
after(async () => {
  await chromium?.close();
  await server?.close();
  site.remove();
});

for (const path of new Set(paths)) {
  test(`/${path} is quiet and fits a phone`, async () => {
    const opened = await openPage(chromium, server.url + path, { viewport: { width: 390, height: 844 } });
    try {
      const policy = opened.page.locator("head meta[http-equiv='Content-Security-Policy']");
      assert.match(await policy.getAttribute("content"), /default-src 'none'.*require-trusted-types-for 'script'/);
      const { content, window } = await opened.page.evaluate(() => ({
        content: document.documentElement.scrollWidth,
        window: document.documentElement.clientWidth,
      }));
      assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
      assertQuiet(opened);
    } finally {
      await opened.close();
    }
  });
}

test("an address opens the tab that it leads to", async () => {
  const opened = await openPage(chromium, server.url + "docs/default/component/ticketing-service/guides/buying/#__tabbed_1_2");
  const isOpen = (id) => opened.page.evaluate((id) => document.getElementById(id).checked, id);
  try {
    assert.equal(await isOpen("__tabbed_1_2"), true);
    await opened.page.evaluate(() => { location.hash = "#__tabbed_1_1"; });
    await opened.page.waitForFunction(() => document.getElementById("__tabbed_1_1").checked);
    assertQuiet(opened);
  } finally {
    await opened.close();
  }
});
