// What the tests of the browser share: one built site, one browser, and pages that fail a test when they complain.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Builds the example site; CALLBOARD_SITE names a folder that was built before. */
export function builtSite() {
  if (process.env.CALLBOARD_SITE) return { folder: realpathSync(process.env.CALLBOARD_SITE), remove() {} };
  const binary = resolve(PROJECT, process.env.CALLBOARD_BIN ?? "target/debug/callboard");
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "callboard-browser-")));
  execFileSync(binary, ["build", join(PROJECT, "example-site"), "-d", join(folder, "site")], { stdio: ["ignore", "ignore", "inherit"] });
  return { folder: join(folder, "site"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts Debian's Chromium, or the one that CHROMIUM names, with further arguments. */
export function browser(args = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // The sandbox of Chromium refuses to run as root, as containers do.
    args: process.getuid?.() === 0 ? ["--no-sandbox", ...args] : args,
  });
}

/**
 * Opens a page in a context of its own. `complaints` collects errors of the console and of scripts, violations of the
 * content security policy, and requests that leave the site's origin or fail.
 */
export async function openPage(chromium, url, options = {}) {
  const context = await chromium.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (to.protocol !== "data:" && to.origin !== origin) complaints.push(`leaves the site: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(url, { waitUntil: "load" });
  return { page, complaints, close: () => context.close() };
}

/** Fails when a page complained. */
export function assertQuiet({ complaints, page }) {
  assert.deepEqual(complaints, [], `complaints at ${page.url()}`);
}
