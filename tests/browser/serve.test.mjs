// `callboard serve` as the person at the keyboard sees it: pages follow the files, all tabs share one stream, and what
// went wrong is shown and goes away.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { browser } from "./harness.mjs";

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const LONG = "\n\nA line.".repeat(200);
const look = (red) => `html body main { color: rgb(${red}, 5, 6) }`;
const PNG = (byte) => Buffer.from(
  `iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mN${byte}DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==`, "base64");

let folder, server, url, chromium;

function put(path, content) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Starts to serve the folder. */
async function serving(further) {
  const binary = resolve(PROJECT, process.env.CALLBOARD_BIN ?? "target/debug/callboard");
  const server = spawn(binary, ["serve", folder, "--port", "0", ...further], { stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (data) => {
      said += data;
      const found = said.match(/serving (http:\S+)/);
      if (found) resolve(found[1]);
    });
    server.on("exit", () => reject(new Error(`serve ended: ${said}`)));
  });
  return { server, url };
}

before(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "callboard-serve-")));
  put("book.toml", '[book]\ntitle = "Acme"\n\n[[source]]\npath = "repos/*"\n\n[theme]\ndir = "look"\n');
  put("look/theme.toml", 'name = "look"\ndescription = "for the test"\nstyles = ["style.css", "look.css"]\n');
  put("look/assets/look.css", look(1));
  put("repos/a/catalog-info.yaml", [
    "apiVersion: backstage.io/v1alpha1", "kind: Component", "metadata:", "  name: a",
    "  annotations:", "    backstage.io/techdocs-ref: dir:.", "spec:", "  type: service", "  lifecycle: production",
    "  owner: group:default/acme", ""].join("\n"));
  put("repos/a/mkdocs.yml", "site_name: A\n");
  put("repos/a/docs/index.md", `# A\n\nfirst${LONG}`);
  put("repos/a/docs/other.md", "# Other\n\nother\n\n![dot](dot.png)\n");
  put("repos/a/docs/dot.png", PNG("k"));
  ({ server, url } = await serving([]));
  chromium = await browser();
});

after(async () => {
  await chromium?.close();
  server?.kill("SIGINT");
  rmSync(folder, { recursive: true, force: true });
});

const DOCS = "docs/default/component/a/";

/** Opens a page; `complaints` collects what its console says against it. */
async function open(context, path) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url + path, { waitUntil: "load" });
  await page.evaluate(() => { window.isSame = true; });
  return { page, complaints };
}

const isSame = (page) => page.evaluate(() => window.isSame === true);
const text = (page, part) => page.waitForFunction((part) => document.body?.textContent.includes(part), part);

test("an edit reaches the pages that it changes, and they keep their place", async () => {
  const context = await chromium.newContext();
  const [one, two, other] = [await open(context, DOCS), await open(context, DOCS), await open(context, DOCS + "other/")];
  await one.page.evaluate(() => scrollTo(0, 700));
  put("repos/a/docs/index.md", `# A\n\nsecond${LONG}`);
  await Promise.all([text(one.page, "second"), text(two.page, "second")]);
  await one.page.waitForFunction(() => scrollY === 700);
  assert.equal(await isSame(one.page), false);
  assert.equal(await isSame(other.page), true, "a page that has not changed was loaded again");
  for (const { complaints } of [one, two, other]) assert.deepEqual(complaints, []);
  await context.close();
});

test("another style is put on without loading the page again", async () => {
  const context = await chromium.newContext();
  const { page, complaints } = await open(context, DOCS);
  const color = (expected) => page.waitForFunction(
    (expected) => getComputedStyle(document.querySelector("main")).color === expected, expected);
  await color("rgb(1, 5, 6)");
  for (const n of [40, 50]) {
    put("look/assets/look.css", look(n));
    await color(`rgb(${n}, 5, 6)`);
  }
  assert.equal(await isSame(page), true);
  assert.equal(await page.locator("link[rel=stylesheet]").count(), 2);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("another picture loads the pages that have pictures", async () => {
  const context = await chromium.newContext();
  const [plain, pictured] = [await open(context, DOCS), await open(context, DOCS + "other/")];
  await pictured.page.waitForTimeout(300);
  put("repos/a/docs/dot.png", PNG("N"));
  await pictured.page.waitForFunction(() => window.isSame !== true);
  assert.equal(await isSame(plain.page), true);
  await context.close();
});

test("what went wrong is shown over the last good page and goes when it is mended", async () => {
  const context = await chromium.newContext();
  const { page, complaints } = await open(context, DOCS);
  const box = page.locator(".callboard-live");
  put("book.toml", '[book]\ntitle = "Acme"\n[[source]\n');
  await box.waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector(".callboard-live").style.visibility === "");
  await text(page, "A line.");
  const shots = process.env.CALLBOARD_SHOTS;
  if (shots) {
    await page.screenshot({ path: join(shots, "light.png") });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: join(shots, "dark.png") });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: join(shots, "narrow.png") });
  }
  put("book.toml", '[book]\ntitle = "Acme"\n\n[[source]]\npath = "repos/*"\n\n[theme]\ndir = "look"\n');
  await box.waitFor({ state: "detached" });
  assert.equal(await isSame(page), true);

  put("repos/a/mkdocs.yml", "site_name: [A\n");
  await box.waitFor({ state: "attached" });
  if (shots) {
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.waitForTimeout(200);
    await page.screenshot({ path: join(shots, "problem.png") });
  }
  put("repos/a/mkdocs.yml", "site_name: A\n");
  await box.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("ten tabs load, and share one stream", async () => {
  const context = await chromium.newContext();
  let streams = 0;
  context.on("request", (request) => { if (request.url().endsWith("/events")) streams += 1; });
  const tabs = [];
  for (let n = 0; n < 10; n += 1) tabs.push(await open(context, DOCS));
  assert.equal(streams, 1);
  put("repos/a/docs/index.md", `# A\n\nthird${LONG}`);
  await Promise.all(tabs.map(({ page }) => text(page, "third")));
  // The one that listens goes: another takes over.
  await tabs[0].page.close();
  put("repos/a/docs/index.md", `# A\n\nfourth${LONG}`);
  await Promise.all(tabs.slice(1).map(({ page }) => text(page, "fourth")));
  await context.close();
});

test("a page that was open while the server was not follows again", async () => {
  const context = await chromium.newContext();
  const { page } = await open(context, DOCS);
  // Until it has asked whether it is what the server has.
  await page.waitForTimeout(500);
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  put("repos/a/docs/index.md", `# A\n\nfifth${LONG}`);
  await page.waitForTimeout(500);
  assert.equal(await isSame(page), true);
  await page.evaluate(() => dispatchEvent(new Event("pageshow")));
  await text(page, "fifth");
  await context.close();
});

test("a template that fails is shown over the page, and goes when it is mended", async () => {
  const context = await chromium.newContext();
  const { page, complaints } = await open(context, DOCS);
  const box = page.locator(".callboard-live");
  put("look/templates/docs.html", "{{ page.no.such }}");
  await box.waitFor({ state: "attached" });
  await page.locator("main").waitFor();
  const shots = process.env.CALLBOARD_SHOTS;
  if (shots) {
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(shots, "template.png") });
  }
  rmSync(join(folder, "look/templates/docs.html"));
  await box.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a search finds what was just written", async () => {
  const context = await chromium.newContext();
  const { page, complaints } = await open(context, DOCS);
  const found = (word) => page.evaluate(async (word) => {
    const manifest = await (await fetch("/search/manifest.json")).json();
    const words = await (await fetch(`/search/w/${manifest.words}.json`)).text();
    return words.includes(word);
  }, word);
  assert.equal(await found("quokka"), false);
  put("repos/a/docs/other.md", "# Quokka\n\nother\n\n![dot](dot.png)\n");
  const { page: other } = await open(context, DOCS + "other/");
  await text(other, "Quokka");
  assert.equal(await found("quokka"), true);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("with --navigate the browser follows to the page that was edited", async () => {
  const further = await serving(["--navigate"]);
  const context = await chromium.newContext();
  try {
    const page = await context.newPage();
    await page.goto(further.url + DOCS, { waitUntil: "load" });
    // Until it has heard that it is what the server has.
    await page.waitForTimeout(500);
    put("repos/a/docs/other.md", "# Other\n\nfollowed here\n");
    await page.waitForURL(further.url + DOCS + "other/");
    await text(page, "followed here");
    await page.waitForTimeout(500);
    assert.equal(page.url(), further.url + DOCS + "other/");
    put("repos/a/docs/index.md", "# A\n\nand back\n");
    await page.waitForURL(further.url + DOCS);
    await text(page, "and back");
  } finally {
    await context.close();
    further.server.kill("SIGINT");
  }
});
