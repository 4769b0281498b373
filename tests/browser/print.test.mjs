// A whole docs site as one page: every link within it ends in it, on the screen and in the PDF that a browser makes of it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { assertQuiet, browser, openPage } from "./harness.mjs";
import { serve } from "./server.mjs";

const LONG = "x".repeat(400);
const FILES = {
  "book.toml": '[book]\ntitle = "Print"\n[docs]\nprint = true\n[[source]]\npath = "pay"\n',
  "pay/mkdocs.yml": "site_name: Pay\nplugins:\n  - redirects:\n      redirect_maps: {old.md: 'guides/setup.md'}\n",
  "pay/docs/index.md": `# Pay

[Setup](guides/setup.md), [a part](guides/setup.md#by-hand), [the same part](guides/setup/#by-hand), [moved](old.md),
[itself](index.md), [here](#notes), [the folder](guides/), [a raw link](guides/run.md), [far](https://example.com/).

<a href="guides/setup.md#by-hand">HTML</a> <a href="#notes">HTML here</a> <span id="mark">A mark</span>

## Notes

A note[^1] and another[^b]. HTML is abbreviated. Formula: see [^1].

[^1]: First, see [run](guides/run.md#notes).
[^b]: Second.

*[HTML]: Hyper

=== "One"

    a

=== "Two"

    b
`,
  "pay/docs/guides/index.md": "# Guides\n\n- [ ] a\n\n[up](../index.md#notes) [run](run.md)\n",
  "pay/docs/guides/setup.md": `# Setup

[TOC]

## By hand

[back](../index.md) [mark](../index.md#mark)

=== "One"

    c

=== "Two"

    d

A note[^1].

[^1]: Again.

\`\`\`sh title="long.sh" linenums="1"
echo ${LONG}
\`\`\`

\`${LONG}\`

    ${LONG}

| a | b |
|---|---|
| ${LONG} | ${LONG} |

## By hand
`,
  "pay/docs/guides/run.md": `# Run

## Notes

\`\`\`mermaid
graph LR
    a --> b
\`\`\`

\`\`\`py
x = 1 # (1)!
\`\`\`

1. A note in code, see [setup](setup.md).

??? tip "Folded"
    [inside](setup.md#by-hand_1)

<div id="mark">Another mark</div> [it](#mark)
`,
};

let folder;
let chromium;
let server;
let opened;
before(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "callboard-print-")));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const project = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
  const binary = resolve(project, process.env.CALLBOARD_BIN ?? "target/debug/callboard");
  execFileSync(binary, ["build", folder, "-d", join(folder, "site"), "--no-git"], { stdio: ["ignore", "ignore", "ignore"] });
  chromium = await browser();
  server = await serve(join(folder, "site"), "/portal/");
  opened = await openPage(chromium, `${server.url}docs/default/repository/pay/_print/`, { viewport: { width: 390, height: 844 } });
});
after(async () => {
  await chromium?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("every link within the docs ends at a place of the page, and no place is there twice", async () => {
  const found = await opened.page.evaluate(() => {
    const main = document.querySelector("main");
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    const links = [...main.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"));
    const referring = [...main.querySelectorAll("[for], [aria-labelledby], [aria-describedby]")];
    const names = referring.flatMap((element) =>
      ["for", "aria-labelledby", "aria-describedby"].flatMap((name) => element.getAttribute(name)?.split(" ") ?? []),
    );
    return {
      twice: ids.filter((id, idx) => ids.indexOf(id) !== idx),
      nowhere: links.filter((href) => href.startsWith("#") && !ids.includes(decodeURIComponent(href.slice(1)))),
      names: names.filter((name) => !ids.includes(name)),
      outside: links.filter((href) => !href.startsWith("#")),
      n_inside: links.filter((href) => href.startsWith("#")).length,
    };
  });
  assert.deepEqual(found.twice, []);
  assert.deepEqual(found.nowhere, []);
  assert.deepEqual(found.names, []);
  // The way back to the docs, and the link to another host.
  assert.deepEqual(found.outside, ["../", "https://example.com/"]);
  assert.ok(found.n_inside > 30, `${found.n_inside} links`);
  assertQuiet(opened);
});

test("nothing is wider than the paper", async () => {
  await opened.page.emulateMedia({ media: "print" });
  await opened.page.setViewportSize({ width: 720, height: 1000 });
  const wide = await opened.page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const isWide = (element) => element.getBoundingClientRect().right > room + 1 && !element.closest("svg, math");
    return [...document.querySelectorAll("main *")].filter(isWide).map((element) => element.outerHTML.slice(0, 80));
  });
  assert.deepEqual(wide, []);
  await opened.page.emulateMedia({ media: null });
});

test("links of its PDF lead to places of the PDF", async () => {
  const pdf = await opened.page.pdf({ format: "A4", tagged: true, outline: true });
  const text = pdf.toString("latin1");
  const addresses = [...text.matchAll(/\/URI \(([^)]*)\)/g)].map((found) => found[1]);
  assert.deepEqual([...new Set(addresses)], ["https://example.com/"]);
  const inside = [...text.matchAll(/\/Subtype\s*\/Link/g)].length - addresses.length;
  assert.ok(inside > 25, `${inside} links within the PDF`);
  const destinations = new Set([...text.matchAll(/\/Dest\s*\/(\S+)/g)].map((found) => found[1]));
  assert.ok(destinations.size >= 8, `${destinations.size} places`);
  for (const place of destinations) assert.ok(text.includes(`/${place} [`) || text.includes(`/${place}[`), `no place \`${place}\``);
  assert.match(text, /\/Outlines/);
  if (process.env.CALLBOARD_PDF) writeFileSync(process.env.CALLBOARD_PDF, pdf);
});
