// What a reader waits for: from a keystroke to results on the screen, in Chromium slowed down four times, over a portal
// that was built before. `node tests/bench/keystroke.mjs SITE [WORDS]`: SITE is the folder of a built site, WORDS a file
// of words that stand in it, the most frequent first, one a line. Chromium is that of CHROMIUM, or /usr/bin/chromium;
// playwright-core comes from tests/browser.
//
// Each query is typed twice: the first time fetches what it needs, the second one is measured, key by key, as the time
// from the event to the frame that shows the answer. The worker is slowed down like the page.

import { readFileSync } from "node:fs";

import { browser } from "../browser/harness.mjs";
import { serve } from "../browser/server.mjs";

const SLOW = 4;
const [folder, list] = process.argv.slice(2);
const words = list ? readFileSync(list, "utf8").split("\n").filter((word) => /^[a-z]{4,}$/.test(word)) : ["service", "deploy", "error", "retry"];
// From frequent words to rare ones.
const word = (nth, of) => words[Math.floor(words.length ** ((nth + 1) / (of + 2)))];
const swapped = (of) => of.slice(0, 2) + of[3] + of[2] + of.slice(4);
const KINDS = {
  "one word": (nth) => word(nth, 8),
  "two words": (nth) => `${word(nth, 8)} ${word(7 - nth, 8)}`,
  "two letters": (nth) => word(nth, 8).slice(0, 2),
  "three letters": (nth) => word(nth, 8).slice(0, 3),
  "a typing error": (nth) => swapped(word(nth, 8)),
  "a filter": (nth) => `kind:docs ${word(nth, 8)}`,
};

const server = await serve(folder, "/");
// Workers of another process could not be slowed down.
const chromium = await browser();
const context = await chromium.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
const session = await context.newCDPSession(page);
// A worker is a target of its own, under the page's.
let slowWorkers = 0;
session.on("Target.attachedToTarget", async ({ sessionId }) => {
  slowWorkers++;
  await session.send("Target.sendMessageToTarget", {
    sessionId, message: JSON.stringify({ id: 1, method: "Emulation.setCPUThrottlingRate", params: { rate: SLOW } }),
  }).catch(() => {});
});
await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
await session.send("Emulation.setCPUThrottlingRate", { rate: SLOW });
await page.goto(server.url);
await page.keyboard.press("Control+k");
await page.locator("dialog [data-search-input]").and(page.locator(":focus")).waitFor();

// Types one more letter and waits for the frame that shows the answer.
const key = (value) => page.evaluate((value) => new Promise((done) => {
  const input = document.querySelector("dialog [data-search-input]"), results = document.querySelector("dialog [data-search-results]");
  delete results.dataset.answers;
  const start = performance.now();
  const seen = new MutationObserver(() => {
    if (results.dataset.answers !== value) return;
    seen.disconnect();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now() - start);
      channel.port2.postMessage(0);
    });
  });
  seen.observe(results, { attributes: true });
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}), value);

console.log(`| typed, at ${SLOW}× slow-down | keys | median | 95 % | most |\n|---|---:|---:|---:|---:|`);
const all = [];
const row = (name, times) => {
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0);
  console.log(`| ${name} | ${times.length} | ${at(0.5)} ms | ${at(0.95)} ms | ${at(1)} ms |`);
};
for (const [name, query] of Object.entries(KINDS)) {
  const times = [];
  for (let nth = 0; nth < 8; nth++) {
    const typed = query(nth);
    for (const isMeasured of [false, true]) {
      for (let n = Math.max(1, typed.lastIndexOf(" ") + 1); n <= typed.length; n++) {
        const time = await key(typed.slice(0, n));
        if (isMeasured) times.push(time);
      }
      await page.waitForTimeout(isMeasured ? 0 : 300);
    }
  }
  all.push(...times);
  row(name, times);
}
row("all", all);
console.log(`\n${slowWorkers} worker slowed down`);
await chromium.close();
await server.close();
