// A portal of attacks, opened page by page. Two walls must hold, each alone: what we write is harmless without the content
// security policy, and the policy stops what a page without a sanitiser would do.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { ADDRESSES, MARKUP, N_PAYLOADS, writeHostilePortal } from "./hostile-portal.mjs";
import { browser } from "./harness.mjs";
import { TYPES, serve } from "./server.mjs";

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const N_TABS = 4;

const folder = realpathSync(mkdtempSync(join(tmpdir(), "callboard-hostile-")));
const site = join(folder, "site");
let chromium;
// The harshest host there is: it knows many types, and lets the browser guess the others.
const types = {
  ...TYPES, ".csv": "text/csv", ".pdf": "application/pdf", ".png": "image/png", ".xhtml": "application/xhtml+xml", ".wsdl": "application/wsdl+xml",
};
const withoutPolicy = (bytes) => bytes.toString().replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
let open;
let guarded;

before(async () => {
  writeHostilePortal(join(folder, "portal"));
  const binary = resolve(PROJECT, process.env.CALLBOARD_BIN ?? "target/debug/callboard");
  execFileSync(binary, ["build", join(folder, "portal"), "-d", site, "-q"], { stdio: ["ignore", "ignore", "ignore"] });
  mkdirSync(join(site, "bypassed"));
  // No test asks a foreign host, not even when it fails.
  chromium = await browser(["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]);
  open = await serve(site, "/", { rewrite: withoutPolicy, types, unknown: null });
  guarded = await serve(site, "/", { types, unknown: null });
});
after(async () => {
  await chromium?.close();
  await open?.close();
  await guarded?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every file of the site as a path of a URL. */
function paths() {
  const found = [];
  const walk = (path) => {
    for (const name of readdirSync(join(site, path)).sort()) {
      const below = path ? `${path}/${name}` : name;
      if (statSync(join(site, below)).isDirectory()) walk(below);
      else found.push(below);
    }
  };
  walk("");
  return found.map((path) => path.split("/").map(encodeURIComponent).join("/"));
}

/** Runs in the page: what of its document no page of ours has. */
function oddities() {
  const found = [];
  const schemes = ["http:", "https:", "mailto:", "tel:"];
  const addresses = ["href", "src", "action", "formaction", "xlink:href", "srcset", "poster", "data", "ping", "background", "cite"];
  const banned = ["iframe", "frame", "frameset", "object", "embed", "applet", "base", "style", "svg", "math", "template",
    "video", "audio", "source", "marquee", "area", "map", "textarea", "select", "noscript", "portal", "plaintext", "xmp"];
  const ids = new Map();
  for (const element of document.querySelectorAll("*")) {
    const tag = element.localName;
    const say = (what) => found.push(`${what} in <${tag}>`);
    // What we draw ourselves stands in no text of an author's.
    const drawn = !element.closest(".prose") && element.closest("svg.graph-svg, [data-explorer-graph] svg");
    // Diagrams and icons of pages, built from a list.
    const drawing = element.closest(".cb-diagram svg.cb-drawing, svg.cb-icon");
    const ours = tag === "math" ? element.closest(".cb-math") : tag === "svg" ? drawn || drawing : tag === "select" && element.closest("[data-explorer-form]");
    if (banned.includes(tag) && !ours) say("an element that we never write");
    if (drawn && !["svg", "g", "path", "rect", "text", "tspan", "title", "a"].includes(tag)) say("an element that no graph of ours has");
    if (drawing && !["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs", "marker",
      "lineargradient", "radialgradient", "stop", "clippath", "mask", "symbol", "use"].includes(tag.toLowerCase())) say("an element that no drawing has");
    if (tag === "script" && !new URL(element.src || "x:", location.href).pathname.startsWith("/_cb/")) say("a script that is not ours");
    if (tag === "link" && !["/_cb/", "/opensearch.xml", "https://portal.example/"].some((start) => element.href.includes(start))) say(`a link to ${element.href}`);
    if (tag === "meta" && !["", "Content-Security-Policy"].includes(element.httpEquiv)) say(`meta ${element.httpEquiv}`);
    if (element.autofocus && !element.hasAttribute("data-search-input")) say("autofocus");
    if (element.id.startsWith("cb:") && document.querySelectorAll(`[id="${CSS.escape(element.id)}"]`).length > 1) say(`a second ${element.id}`);
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || ["style", "srcdoc", "target", "contenteditable"].includes(name)) say(`${name}="${value}"`);
      if (!addresses.includes(name)) continue;
      const { protocol } = new URL(value, location.href);
      if (!schemes.includes(protocol)) say(`${name}="${value}"`);
      if (/^\s*[/\\]\s*[/\\]/.test(value)) say(`${name}="${value}"`);
    }
    if (element.hasAttribute("name") && !["meta", "input"].includes(tag)) say(`name="${element.getAttribute("name")}"`);
  }
  if (window.__pwned) found.push(`ran: ${window.__pwned}`);
  return found;
}

/** A tab that counts everything that a page must not do. */
async function tab(server, knownViolations) {
  const context = await chromium.newContext({ acceptDownloads: false, serviceWorkers: "block" });
  const page = await context.newPage();
  const origin = new URL(server.url).origin;
  let complaints = [];
  const say = (what) => complaints.push(what);
  await context.addInitScript(() => {
    window.pwned = () => { (window.top ?? window).__pwned = document.URL; };
    window.__pwned = "";
  });
  context.on("page", (other) => { say(`opens ${other.url()}`); other.close(); });
  page.on("dialog", (dialog) => { say(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy|Trusted ?Type/i.test(text) && !knownViolations.some((known) => known.test(text))) say(`policy: ${text}`);
  });
  page.on("request", (request) => {
    const to = new URL(request.url());
    // The browser's own pages show a PDF or an error.
    if (to.origin !== origin && !/^(data:image|chrome|chrome-extension|chrome-error):/.test(request.url())) say(`asks ${request.url().slice(0, 120)}`);
  });
  // What the policy forbids is reported as a request, but never sent.
  page.on("requestfailed", (request) => {
    if (/csp/i.test(request.failure()?.errorText)) complaints = complaints.filter((what) => what !== `asks ${request.url().slice(0, 120)}`);
  });
  return {
    page,
    close: () => context.close(),
    /** Opens a path and returns what is wrong with it. */
    async visit(path, isDocument = true) {
      complaints = [];
      try {
        await page.goto(server.url + path, { waitUntil: "load" });
      } catch (error) {
        // What a browser saves instead of showing it does not run.
        if (!/ERR_ABORTED|Download is starting/.test(error.message)) say(error.message);
        return complaints;
      }
      try {
        complaints.push(...await page.evaluate(isDocument ? oddities : () => (window.__pwned ? [`ran: ${window.__pwned}`] : [])));
      } catch (error) {
        say(`goes elsewhere: ${error.message}`);
      }
      if (new URL(page.url()).pathname !== new URL(server.url + path).pathname) say(`goes to ${page.url()}`);
      return complaints;
    },
  };
}

/** Visits all paths in several tabs; resolves to "path: what is wrong". */
async function visitAll(server, list, knownViolations = []) {
  const wrong = [];
  const rest = [...list];
  const work = async () => {
    const own = await tab(server, knownViolations);
    for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
      const isDocument = path.split(/[?#]/)[0].match(/(^|\/|\.html)$/) !== null;
      for (const what of await own.visit(path, isDocument)) wrong.push(`/${decodeURIComponent(path.replace(/%(?![0-9a-f]{2})/gi, "%25"))}: ${what}`);
    }
    await own.close();
  };
  await Promise.all(Array.from({ length: N_TABS }, work));
  return wrong.sort();
}

const text = (path) => readFileSync(join(site, decodeURIComponent(path)), "utf8");
const isRedirect = (path) => /<meta http-equiv="refresh"/.test(text(path));
// One page of an entity for each payload, now of this kind and now of another; one in four of those that only a name tells apart.
const isRepeated = (path, idx) => {
  const [, kind, number] = /^catalog\/default\/(\w+)\/m(\d+)\//.exec(path) ?? [];
  if (kind) return (kind === "component") !== (number % 2 === 0);
  return /^catalog\/(?!default\/)[^/]+\/component\//.test(path) && idx % 4 !== 0;
};
const pages = () => paths().filter((path) => path.endsWith(".html") && !path.startsWith("bypassed/") && !/^health\/page\/\d\d/.test(path) && !isRedirect(path))
  .filter((path, idx) => !isRepeated(path, idx));
const files = () => paths().filter((path) => !path.endsWith(".html") && !path.startsWith("_cb/") && !path.startsWith("search/"));
const few = (wrong) => wrong.slice(0, 30).join("\n") + (wrong.length > 30 ? `\n… and ${wrong.length - 30} more` : "");

test("the portal of attacks has what it should", () => {
  assert.ok(N_PAYLOADS >= 150, `${N_PAYLOADS} payloads`);
  const all = pages();
  for (const part of ["docs/default/component/docs0/p1/index.html", "docs/default/repository/pages/addresses/index.html",
    "catalog/default/component/m0/index.html", "catalog/default/group/", "catalog/default/user/", "catalog/default/api/", "docs/default/repository/files/"]) {
    assert.ok(all.some((path) => path.startsWith(part)), `no page at ${part}`);
  }
  assert.ok(all.length > 200, `${all.length} pages`);
  const unsafe = paths().filter((path) => !path.startsWith("_cb/") && /\.(html?|xhtml|xht|shtml|xml|xsl|js|mjs|wasm|swf|hta|php|css|svgz|mhtml)$/i.test(path)
    && !path.endsWith(".html") && !path.startsWith("sitemap") && path !== "opensearch.xml");
  assert.deepEqual(unsafe, ["search/files.js"], "files that a browser or a host would run");
  // What is searched without a server is one assignment of JSON.
  const json = /^globalThis\.callboardFiles=(\{[^]*\});\n$/.exec(text("search/files.js"))[1];
  assert.ok(Object.keys(JSON.parse(json)).includes("manifest.json"));
});

test("redirects lead to pages of the site", () => {
  const redirects = paths().filter((path) => path.endsWith(".html") && isRedirect(path));
  assert.ok(redirects.length > 0);
  for (const path of redirects) {
    const [, to] = /<meta http-equiv="refresh" content="0; url=([^"]*)"/.exec(text(path));
    assert.match(to, /^[\w./%-]+$/, path);
  }
});

test("no page does harm without the policy", async () => {
  const wrong = await visitAll(open, pages());
  assert.equal(wrong.length, 0, few(wrong));
});

test("no file does harm when it is opened by itself", async () => {
  const wrong = await visitAll(open, files());
  assert.equal(wrong.length, 0, few(wrong));
});

test("no page offends the policy", async () => {
  const wrong = await visitAll(guarded, pages().filter((path, idx) => idx % 6 === 0 || !/^(catalog|docs)\/[^/]+\/[^/]+\//.test(path)));
  assert.equal(wrong.length, 0, few(wrong));
});

test("queries and fragments are text", async () => {
  const texts = [...MARKUP, ...ADDRESSES].map(encodeURIComponent);
  const wrong = await visitAll(open, [
    ...texts.filter((_, idx) => idx % 5 === 0).map((text) => `search/?q=${text}`),
    ...texts.filter((_, idx) => idx % 10 === 1).map((text) => `docs/default/component/docs0/p1/#${text}`),
    "docs/default/component/docs0/p1/#%zz",
  ]);
  assert.equal(wrong.length, 0, few(wrong));
});

test("results of the search are text", async () => {
  const own = await tab(open, []);
  for (const query of ["img", "onerror", "script", "pwned", "javascript"]) {
    await own.visit(`search/?q=${query}`);
    await own.page.waitForSelector("[data-search-results] a");
    assert.deepEqual(await own.page.evaluate(oddities), [], query);
  }
  await own.close();
});

test("no id takes a name that our scripts use", async () => {
  const all = pages().filter((path) => path.startsWith("docs/default/repository/pages/") || path.startsWith("docs/default/repository/book/"));
  const own = await tab(open, []);
  for (const path of all) {
    assert.deepEqual(await own.visit(path), [], path);
    await own.page.keyboard.press("Control+k");
    await own.page.waitForSelector("dialog[data-search-dialog][open]", { timeout: 3000 }).catch(() => assert.fail(`/${path}: the search does not open`));
    await own.page.keyboard.press("Escape");
  }
  await own.close();
});

/** A page that nobody has cleaned, with the policy of a real one. */
function bypass(name, body) {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'">`;
  writeFileSync(join(site, "bypassed", `${name}.html`), `<!doctype html><html><head>${policy}</head><body>${body}</body></html>`);
  return `bypassed/${name}.html`;
}

test("the oracle sees", async () => {
  const own = await tab(open, []);
  for (const [name, body, expected] of [
    ["script", "<script>pwned()</script>", /^ran: /],
    ["handler", "<img src=x onerror=pwned()>", /^ran: /],
    ["dialog", "<script>alert(1)</script>", /^dialog: /],
    ["link", "<a href=' java&Tab;script:pwned()'>x</a>", /^href=/],
    ["foreign", "<img src=https://evil.example/p.png>", /^asks https:\/\/evil\.example/],
    ["frame", "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>", /^(ran: |an element that we never write)/],
    ["dead", "<p onclick=pwned()>x</p>", /^onclick=/],
    ["leaves", "<meta http-equiv=refresh content='0;url=https://evil.example/'>", /evil\.example|meta/],
    ["clobbers", "<img name=getElementById>", /^name=/],
    ["svg", "<svg onload=pwned()>", /^ran: /],
  ]) {
    // A tab of its own: one page leaves, and may still be on its way.
    const one = await tab(open, []);
    const found = await one.visit(bypass(name, body));
    await one.close();
    assert.ok(found.some((what) => expected.test(what)), `${name}: ${JSON.stringify(found)}`);
  }
  writeFileSync(join(site, "bypassed", "picture.svg"), "<svg xmlns='http://www.w3.org/2000/svg'><script>pwned()</script></svg>");
  assert.match((await own.visit("bypassed/picture.svg", false)).join(), /ran: /);
  await own.close();
});

test("the policy alone stops every script", async () => {
  const own = await tab(guarded, [/./]);
  for (const [idx, markup] of MARKUP.entries()) {
    // What a policy cannot stop is a page that goes elsewhere.
    if (/refresh/.test(markup)) continue;
    const found = await own.visit(bypass(`raw${idx}`, `${markup}<p title="${markup}" class='${markup}'>${markup}</p>`));
    const harm = found.filter((what) => /^(ran|dialog|asks)/.test(what));
    assert.deepEqual(harm, [], markup);
  }
  await own.close();
});
