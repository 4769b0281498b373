// Search: the dialog of every page and the page /search/. What is found comes from search-worker.js; what a reader
// types, and what a page says, goes into text nodes alone.
// The names that nothing else knows are sent shorter (src/render/trim.rs).
//
// Own names: input query event el all active options place span made find dialog page says results isOn update marks
// Own names: pieces option path piece answer ready script recent nodes status help isFile receive fail worker message
// Own names: ask link toPage label walker range first chips FILTER attributes button onTexts connected show urls
// Own names: policy run inPage asked list address shown headingLinks count rest scope chip result number forget
// Own names: choose move main left opener selector index GROUPS connect error send isGone links anchor written toggle
// Own names: showChips isOther chosen kept word nearest isLeft isCommand isSlash
(() => {
  "use strict";

  const find = (selector, place = document) => place.querySelector(selector);
  const dialog = find("dialog[data-search-dialog]"), page = find("[data-search-page]"), place = page || dialog;
  if (!place) return;
  const root = new URL(document.documentElement.dataset.root || "./", location);
  const [input, status, results, chips] = ["input", "status", "results", "chips"].map((name) => find(`[data-search-${name}]`, place));
  const more = find("[data-search-more]", place), index = find("[data-search-index]"), help = find("[data-search-help]", place);
  const isFile = location.protocol === "file:";
  const GROUPS = { entity: "Entities", api: "APIs", doc: "Docs", people: "People" };
  const FILTER = /(\w+):("[^"]*"|\S+)/g;

  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const name in attributes) made.setAttribute(name, attributes[name]);
    made.append(...children);
    return made;
  }
  const span = (name, ...children) => el("span", { class: name }, ...children);
  const icon = (name) => el("span", { class: `icon icon-${name}`, "aria-hidden": "true" });
  const marks = (pieces) => pieces.map((piece, i) => (i % 2 ? el("mark", {}, piece) : piece));
  function button(name, click, ...children) {
    const made = el("button", { type: "button", class: name }, ...children);
    made.onclick = click;
    return made;
  }

  // The engine: a worker, or the same script in the page where there is none. A site that is opened from files has all
  // that is searched in a script, if it is small.

  let nr = 0, onTexts, connected;
  const receive = (answer) => (answer.texts ? onTexts(answer.texts) : answer.nr === nr && show(answer));
  const connect = () => (connected ||= new Promise((ready, fail) => {
    const urls = [new URL(dialog.dataset.searchEngine, location).href, new URL("search/files.js", root).href];
    const policy = globalThis.trustedTypes?.createPolicy("callboard", { createScriptURL: (i) => urls[i] });
    const url = (i) => (policy ? policy.createScriptURL(i) : urls[i]);
    const run = (i) => new Promise((ready, fail) => {
      const script = el("script");
      script.onload = ready;
      script.onerror = fail;
      script.src = url(i);
      document.head.append(script);
    });
    const inPage = async () => {
      try {
        if (isFile) await run(1);
        await run(0);
        ready(callboardSearch(root, receive, globalThis.callboardFiles));
      } catch (error) {
        connected = fail(error);
      }
    };
    try {
      const worker = new Worker(url(0));
      worker.onerror = inPage;
      // Its first message says that it runs.
      worker.onmessage = ({ data }) => (data ? receive(data) : ready((message) => worker.postMessage(message)));
    } catch {
      inPage();
    }
  }));
  const ask = (message, asked = nr) => connect().then((send) => send({ nr: asked, ...message }), () => receive({ nr: asked, isLost: true }));

  // What was searched for, on this machine alone: the other searches than one, which comes first from now on, or is gone.
  function recent(query, isGone) {
    try {
      const list = [].concat(JSON.parse(localStorage["callboard-searches"] || "[]")).filter((of) => of.trim() && of !== query);
      if (query) localStorage["callboard-searches"] = JSON.stringify([...(isGone ? [] : [query]), ...list].slice(0, 6));
      return list;
    } catch {
      // Private windows remember nothing.
      return [];
    }
  }

  // From answers to the page.

  const option = page ? {} : { role: "option", tabindex: "-1" };
  const link = (href, name, ...children) => el("a", { class: `search-result ${name}`, href, ...option }, ...children);
  function address(path, name, query) {
    // Opened from files, a folder is no page.
    const url = new URL(isFile ? path.replace(/\/(?=#|$)/, "/index.html") : path, root);
    if (query) url.searchParams.set(name, query);
    return url;
  }
  const toPage = (query) => address("search/", "q", query);
  function links({ url: path, icon: name, title, crumbs, teaser, headings }) {
    const url = address(path, "h", input.value.replace(FILTER, "").trim().slice(0, 200));
    const shown = span("search-teaser", ...marks(teaser));
    shown.dataset.teaser = path;
    const text = span("search-text", span("search-title", ...marks(title)), span("search-breadcrumb", ...marks(crumbs)), shown);
    return [link(url, "", icon(name), text), ...headingLinks(url, headings)];
  }
  const headingLinks = (url, headings) => headings.map(([anchor, pieces]) => {
    url.hash = anchor;
    return link(url, "search-heading", span("search-hash", "#"), span("search-title", ...marks(pieces)));
  });
  function group(label, n, items) {
    const count = span("search-count", n);
    return page ? el("section", { class: "search-group" }, el("h2", { class: "search-label" }, `${label} `, count), el("ul", {}, ...items.map((of) => el("li", {}, ...of)))) :
      el("div", { role: "group", "aria-label": label, class: "search-group" }, el("div", { class: "search-label", "aria-hidden": "true" }, label, count), ...items.flat());
  }

  const written = (key, value) => `${key}:${/\s/.test(value) ? `"${value}"` : value}`;
  function toggle(filter, isOn) {
    const rest = input.value.replace(FILTER, (all) => (isOn && all.toLowerCase() === filter.toLowerCase() ? "" : all)).trim();
    input.value = isOn ? rest : `${filter} ${rest}`;
    input.focus();
    update();
  }
  // What is looked at may be searched alone.
  function scope() {
    const [place, , kind, name] = location.pathname.slice(root.pathname.length).split("/");
    const key = place === "docs" ? "in" : { system: "system", group: "owner", user: "owner" }[kind] || "in";
    return name && /^(docs|catalog)$/.test(place) ? [[key, name, ""]] : [];
  }
  function showChips(filters, facets) {
    const isOther = ([key, value]) => !filters.some((of) => of[0] === key && of[1] === value.toLowerCase());
    const all = [...filters, ...scope().filter(isOther), ...facets.filter(([key]) => key !== scope()[0]?.[0])];
    chips.replaceChildren(...all.map(([key, value, n], i) => {
      const isOn = i < filters.length;
      const chip = button("search-chip", () => toggle(written(key, value), isOn), span("", key), value, span("", isOn ? "" : n));
      chip.setAttribute("aria-pressed", isOn);
      return chip;
    }));
    chips.hidden = !all[0];
  }

  function show({ q = "", url, teaser, headings, isLost, isPending, groups = [], filters = [], facets = [], total, mended, isPartial, isCut, missing }) {
    if (url) {
      for (const of of results.querySelectorAll("[data-teaser]")) if (of.dataset.teaser === url) {
        const chosen = options()[active], result = of.closest("a");
        if (teaser) of.replaceChildren(...marks(teaser));
        result.after(...headingLinks(new URL(result), headings));
        number();
        active = options().indexOf(chosen);
      }
      return;
    }
    if (!isPending) results.dataset.answers = q;
    const query = input.value.trim(), says = [];
    const kept = active > 0 && isPending === undefined && options()[active]?.href;
    showChips(filters, facets);
    results.replaceChildren(...groups.map(({ name, total, items }) => group(GROUPS[name], !page && total === items.length ? "" : total, items.map(links))));
    if (isLost) says.push(isFile ? "Opened from files, only a small portal can be searched: callboard serve shows it whole." : "The search index could not be loaded.");
    else if (isPending) says.push("Searching…");
    else if (query) {
      for (const [word, nearest] of mended || []) says.push(`Nothing has “${word}”; showing “${nearest}”.`);
      if (isCut) says.push("Words beyond the first 32, and very long ones, are left out.");
      if (!total) says.push(`Nothing found for “${query.slice(0, 100)}”.`);
      else says.push(`${isPartial ? "Nothing has all of these words. Nearest: " : ""}${total} result${total > 1 ? "s" : ""}`);
      if (missing) says.push("A part of the index could not be loaded; there may be more.");
    }
    status.textContent = says.join(" ");
    if (isLost || missing) status.append(" ", button("search-retry", update, "Try again"));
    if (page) {
      index.hidden = !!query;
      history.replaceState(null, "", toPage(query && input.value));
      return;
    }
    if (!query && recent()[0]) results.replaceChildren(group("Recent searches", "", recent().map((query) => {
      // To a screen reader an option is one thing: there, the key Delete forgets it.
      const forget = el("span", { class: "search-forget", title: "Forget this search (Delete)", "aria-hidden": "true" });
      const made = link(toPage(query), "search-recent", icon("recent"), span("search-title", query), forget);
      made.onclick = (event) => {
        event.preventDefault();
        event.stopPropagation();
        if (event.target === forget) recent(query, true); else input.value = query;
        input.focus();
        update();
      };
      return [made];
    })));
    number();
    input.setAttribute("aria-expanded", !!options()[0]);
    more.href = toPage(input.value);
    more.hidden = !query || !options()[0];
    help.open = false;
    choose(Math.max(0, options().findIndex(({ href }) => href === kept)));
  }
  function update() {
    nr++;
    if (input.value.trim()) {
      if (!results.hasChildNodes()) status.textContent = "Searching…";
      ask({ q: input.value, limit: page ? 0 : 5 });
    } else show({ nr });
  }
  input.oninput = update;
  place.addEventListener("click", (event) => {
    if (event.target.closest("a.search-result") && input.value.trim()) recent(input.value.trim());
  });

  // The dialog: one of its options is chosen, while the focus stays in the box.

  let active;
  const options = () => [...results.querySelectorAll("[role=option]")];
  const number = () => options().forEach((option, i) => { option.id = `cb:option:${i}`; });
  function choose(i) {
    const all = options();
    active = (i + all.length) % all.length;
    all.forEach((option, n) => option.setAttribute("aria-selected", n === active));
    if (!all[0]) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[active].id);
    if (active) all[active].scrollIntoView({ block: "nearest" });
    else results.scrollTop = 0;
  }
  function open() {
    if (page) return input.focus(), input.select();
    if (!dialog.open) dialog.showModal();
    input.select();
    update();
  }
  if (page) {
    input.form.onsubmit = (event) => event.preventDefault();
    input.value = new URLSearchParams(location.search).get("q") || input.value;
    if (input.value) update();
  } else {
    input.onkeydown = (event) => {
      const { key, isComposing, ctrlKey, metaKey } = event, move = { ArrowDown: 1, ArrowUp: -1 }[key];
      if (isComposing) return;
      if (move && options()[0]) choose(active + move);
      else if (key === "Enter") options()[active]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey }));
      else if (key === "?" && !input.value) help.open = !help.open;
      else if (key === "Delete" && !input.value) find(".search-forget", options()[active])?.click();
      else return;
      event.preventDefault();
    };
    dialog.onclick = ({ target, ctrlKey, metaKey, shiftKey }) => {
      // A link may lead to this very page.
      const isLeft = target.closest("a") && !ctrlKey && !metaKey && !shiftKey;
      if (isLeft || target === dialog || target.closest("[data-search-close]")) dialog.close();
    };
  }

  // Arriving from a search: its words are marked, and the first is in sight.
  const words = new URLSearchParams(location.search).get("h"), main = find("main");
  if (words && main && globalThis.Highlight) {
    const nodes = [], walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let left = 5e5; left > 0 && walker.nextNode(); left -= walker.currentNode.length) nodes.push(walker.currentNode);
    onTexts = (texts) => {
      const ranges = texts.flatMap((pieces, i) => {
        let at = 0;
        return pieces.flatMap((piece, n) => {
          const range = new Range();
          range.setStart(nodes[i], at);
          range.setEnd(nodes[i], (at += piece.length));
          return n % 2 ? [range] : [];
        });
      }).slice(0, 2000);
      if (!ranges[0]) return;
      CSS.highlights.set("search", new Highlight(...ranges));
      const first = ranges[0].startContainer.parentElement;
      if (!location.hash && !first.closest("h1")) {
        first.closest("details")?.setAttribute("open", "");
        first.scrollIntoView({ block: "center" });
      }
      addEventListener("keydown", ({ key }) => {
        if (key !== "Escape" || dialog.open) return;
        CSS.highlights.clear();
        const url = new URL(location);
        url.searchParams.delete("h");
        history.replaceState(null, "", url);
      });
    };
    ask({ q: words.slice(0, 200), texts: nodes.map(({ data }) => data) });
  }

  for (const key of document.querySelectorAll("[data-search-key]")) key.textContent = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘ K" : "Ctrl K";
  for (const opener of document.querySelectorAll("[data-search-open]")) {
    opener.addEventListener("pointerenter", () => ask({}), { once: true });
    opener.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  }
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    const isCommand = (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k";
    const isSlash = key === "/" && !ctrlKey && !metaKey && !altKey && !target.closest?.("input, textarea, select, [contenteditable]");
    if (event.defaultPrevented || event.isComposing || !(isCommand || isSlash)) return;
    event.preventDefault();
    open();
  });
})();
