// Search: the dialog of every page and the page /search/. What is found comes from search-worker.js; what a reader
// types, and what a page says, goes into text nodes alone.
(() => {
  "use strict";

  const dialog = document.querySelector("dialog[data-search-dialog]");
  const page = document.querySelector("[data-search-page]");
  const main = document.querySelector("main");
  if (!dialog?.dataset.searchEngine) return;
  const root = new URL(document.documentElement.dataset.root || "./", location.href);
  const GROUPS = { entity: "Entities", api: "APIs", doc: "Docs", people: "People" };
  const FILTER = /(\w+):("[^"]*"|\S+)/g;

  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.append(...children);
    return element;
  }
  const marks = (pieces) => pieces.map((piece, i) => (i % 2 ? el("mark", {}, piece) : piece));
  const button = (text, click, attributes) => {
    const made = el("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", click);
    return made;
  };

  // The engine: a worker, or the same script in the page where there are none.

  let nr = 0, connected;
  const receivers = new Map();
  function connect() {
    return (connected ||= new Promise((ready, fail) => {
      const own = new URL(dialog.dataset.searchEngine, location.href).href;
      const policy = globalThis.trustedTypes?.createPolicy("callboard", { createScriptURL: () => own });
      const url = policy ? policy.createScriptURL("") : own;
      const receive = (answer) => receivers.get(answer.nr)?.(answer);
      const inPage = () => {
        const script = el("script");
        script.onload = () => ready(globalThis.callboardSearch(root, receive));
        script.onerror = fail;
        script.src = url;
        document.head.append(script);
      };
      try {
        const worker = new Worker(url);
        worker.onerror = inPage;
        // Its first message says that it runs.
        worker.onmessage = ({ data }) => (data ? receive(data) : ready((message) => worker.postMessage(message)));
      } catch {
        inPage();
      }
    }));
  }
  async function ask(message, receive) {
    const asked = { ...message, nr: ++nr };
    // Answers to what was typed before are of no more use.
    if (message.q !== undefined && !message.texts) receivers.clear();
    receivers.set(asked.nr, receive);
    try {
      (await connect())(asked);
    } catch {
      receive({ isLost: true });
    }
  }
  const warm = () => ask({}, () => {});

  // What was searched for, on this machine alone.

  const KEY = "callboard-searches";
  function recent(query) {
    let list = [];
    try {
      list = JSON.parse(localStorage.getItem(KEY)) || [];
      if (query !== undefined) {
        list = query ? [query, ...list.filter((other) => other !== query)].slice(0, 6) : [];
        localStorage.setItem(KEY, JSON.stringify(list));
      }
    } catch { /* Private windows remember nothing. */ }
    return Array.isArray(list) ? list.filter((of) => typeof of === "string") : [];
  }

  // From answers to the page.

  function links(item, query, attributes) {
    const url = new URL(item.url, root);
    const words = query.replace(FILTER, "").trim();
    if (words) url.searchParams.set("h", words.slice(0, 200));
    const text = el("span", { class: "search-text" },
      el("span", { class: "search-title" }, ...marks(item.title)),
      el("span", { class: "search-breadcrumb" }, ...marks(item.crumbs)),
      el("span", { class: "search-teaser", "data-teaser": item.url }, ...marks(item.teaser)));
    const picture = el("span", { class: `icon icon-${item.icon}`, "aria-hidden": "true" });
    return [
      el("a", { class: "search-result", href: url.href, ...attributes }, picture, text),
      ...item.headings.map(([anchor, pieces]) => {
        url.hash = anchor;
        return el("a", { class: "search-result search-heading", href: url.href, ...attributes },
          el("span", { class: "search-hash", "aria-hidden": "true" }, "#"), el("span", { class: "search-title" }, ...marks(pieces)));
      }),
    ];
  }

  function says({ total, mended, isPartial, isCut, isPending }, query) {
    if (isPending) return "Searching…";
    const says = mended.map(([word, nearest]) => `Nothing has “${word}”; showing “${nearest}”.`);
    if (isCut) says.push("Words beyond the first 32, and very long ones, are left out.");
    if (!total) says.push(`Nothing found for “${query.trim().slice(0, 100)}”.`);
    else says.push((isPartial ? "Nothing has all of these words. Nearest: " : "") + (total === 1 ? "1 result" : `${total} results`));
    return says.join(" ");
  }

  // Wires a box: an input, filters, a status line and a place for results. layOut(label, total, links) makes a group.
  function box(place, limit, attributes, layOut, after) {
    const [input, status, results, chips] = ["input", "status", "results", "chips"].map((name) => place.querySelector(`[data-search-${name}]`));
    const here = decodeURI(location.pathname.slice(root.pathname.length));

    function filter(key, value, isOn) {
      const rest = input.value.replace(FILTER, (all, k, v) => (isOn && k.toLowerCase() === key && v.replace(/"/g, "").toLowerCase() === value ? "" : all)).trim();
      const text = /\s/.test(value) ? `"${value}"` : value;
      input.value = isOn ? rest : `${key}:${text} ${rest}`;
      input.focus();
      update();
    }
    function showChips({ filters = [], facets = [], scope }) {
      const used = new Set();
      const few = facets.filter(([key, value]) => {
        used[key] = (used[key] || 0) + 1;
        return used[key] <= (key === "kind" ? 4 : 2) && !(scope?.[0] === key && scope[1] === value);
      });
      const isScoped = scope && filters.some(([key, value]) => key === scope[0] && value === scope[1].toLowerCase());
      const chip = (key, value, label, n, isOn) => button("", () => filter(key, value, isOn), { class: "search-chip", "aria-pressed": `${isOn}` });
      const made = [
        ...filters.map(([key, value]) => [key, value, value, "", true]),
        ...(scope && !isScoped ? [[...scope, "", false]] : []),
        ...few.slice(0, 10).map((of) => [...of, false]),
      ].map(([key, value, label, n, isOn]) => {
        const made = chip(key, value, label, n, isOn);
        made.append(el("span", {}, key), label, ...(n ? [el("span", {}, `${n}`)] : []));
        return made;
      });
      chips.replaceChildren(...made);
      chips.hidden = !made.length;
    }

    function show(answer) {
      const query = input.value;
      if (answer.teaser) {
        return results.querySelectorAll("[data-teaser]").forEach((of) => {
          if (of.dataset.teaser === answer.url) of.replaceChildren(...marks(answer.teaser));
        });
      }
      if (!answer.isPending) results.dataset.answers = answer.q ?? "";
      const retry = button("Try again", update, { class: "search-retry" });
      if (answer.isLost) {
        results.replaceChildren();
        status.replaceChildren("The search index could not be loaded. ", retry);
        return after(query, answer);
      }
      showChips(answer);
      if (!answer.groups.length && !query.trim()) return clear(answer);
      results.replaceChildren(...answer.groups.map(({ name, total, items }) =>
        layOut(GROUPS[name], total, items.map((item) => links(item, query, attributes)))));
      status.textContent = says(answer, query);
      if (answer.missing) status.append(" A part of the index could not be loaded; there may be more. ", retry);
      after(query, answer);
    }
    function clear(answer) {
      results.replaceChildren();
      status.textContent = "";
      after("", answer);
    }
    function update() {
      if (!input.value.trim()) clear({});
      else if (!results.hasChildNodes()) status.textContent = "Searching…";
      ask({ q: input.value, limit, here }, show);
    }
    input.addEventListener("input", update);
    place.addEventListener("click", (event) => {
      if (event.target.closest("a.search-result") && input.value.trim()) recent(input.value.trim());
    });
    return { input, results, update };
  }

  function startPage() {
    const index = page.querySelector("[data-search-index]");
    const list = (label, n, items) => el("section", { class: "search-group" },
      el("h2", { class: "search-label" }, `${label} `, el("span", { class: "search-count" }, `${n}`)),
      el("ul", {}, ...items.map((anchors) => el("li", {}, ...anchors))));
    const { input, update } = box(page, 50, {}, list, (query) => {
      index.hidden = !!query.trim();
      const url = new URL(location.href);
      if (query) url.searchParams.set("q", query);
      else url.searchParams.delete("q");
      if (url.href !== location.href) history.replaceState(null, "", url);
    });
    input.closest("form").addEventListener("submit", (event) => {
      event.preventDefault();
      update();
    });
    input.value = new URLSearchParams(location.search).get("q") || input.value;
    if (input.value) update();
    return () => {
      input.focus();
      input.select();
    };
  }

  function startDialog() {
    let active = -1;
    const more = dialog.querySelector("[data-search-more]");
    const group = (label, n, items) => el("div", { role: "group", "aria-label": label, class: "search-group" },
      el("div", { class: "search-label", "aria-hidden": "true" }, label, el("span", { class: "search-count" }, n > items.length ? `${n}` : "")), ...items.flat());
    const { input, results, update } = box(dialog, 5, { role: "option", tabindex: "-1" }, group, (query, { isPending }) => {
      const kept = active > 0 && isPending === undefined ? options()[active]?.href : "";
      if (!query.trim()) showRecent();
      options().forEach((option, i) => { option.id = `cb:option:${i}`; });
      input.setAttribute("aria-expanded", `${options().length > 0}`);
      more.href = new URL(`search/?q=${encodeURIComponent(query)}`, root).href;
      more.hidden = !query.trim() || !options().length;
      if (!kept) results.scrollTop = 0;
      choose(Math.max(0, options().findIndex((option) => option.href === kept)));
    });
    const options = () => [...results.querySelectorAll("[role=option]")];
    function showRecent() {
      const searches = recent();
      if (!searches.length) return;
      const items = searches.map((query) => {
        const link = el("a", { class: "search-result search-recent", role: "option", tabindex: "-1", href: new URL(`search/?q=${encodeURIComponent(query)}`, root).href },
          el("span", { class: "icon icon-recent", "aria-hidden": "true" }), el("span", { class: "search-title" }, query));
        link.addEventListener("click", (event) => {
          event.preventDefault();
          event.stopPropagation();
          input.value = query;
          input.focus();
          update();
        });
        return [link];
      });
      results.replaceChildren(group("Recent searches", 0, items));
    }
    function choose(i) {
      const all = options();
      active = all.length ? (i + all.length) % all.length : -1;
      all.forEach((option, n) => option.setAttribute("aria-selected", `${n === active}`));
      if (active < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", all[active].id);
      if (active > 0) all[active].scrollIntoView({ block: "nearest" });
      else results.scrollTop = 0;
    }
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const moves = { ArrowDown: active + 1, ArrowUp: active - 1 };
      if (event.key in moves && options().length) {
        event.preventDefault();
        choose(moves[event.key]);
      } else if (event.key === "Enter") {
        event.preventDefault();
        options()[active]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }));
      }
    });
    dialog.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (event.target === dialog || event.target.closest("[data-search-close]")) dialog.close();
      // The page may be this one.
      else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
    });
    return () => {
      if (!dialog.open) dialog.showModal();
      input.select();
      update();
    };
  }

  // Arriving from a search: its words are marked, and the first is in sight.
  function arrive(words) {
    const nodes = [];
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let left = 500000; left > 0 && walker.nextNode();) {
      if (walker.currentNode.data.trim()) nodes.push(walker.currentNode);
      left -= walker.currentNode.length;
    }
    ask({ q: words, lang: document.documentElement.lang.slice(0, 2), texts: nodes.map((node) => node.data) }, ({ texts = [] }) => {
      const ranges = [];
      texts.forEach((pieces, i) => {
        let at = 0;
        pieces.forEach((piece, n) => {
          if (n % 2 && ranges.length < 2000) {
            const range = new Range();
            range.setStart(nodes[i], at);
            range.setEnd(nodes[i], at + piece.length);
            ranges.push(range);
          }
          at += piece.length;
        });
      });
      if (!ranges.length) return;
      CSS.highlights.set("search", new Highlight(...ranges));
      const first = ranges[0].startContainer.parentElement;
      if (!location.hash && !first.closest("h1")) {
        first.closest("details")?.setAttribute("open", "");
        first.scrollIntoView({ block: "center" });
      }
      addEventListener("keydown", ({ key }) => {
        if (key !== "Escape" || dialog.open) return;
        CSS.highlights.delete("search");
        const url = new URL(location.href);
        url.searchParams.delete("h");
        history.replaceState(null, "", url);
      });
    });
  }

  const words = new URLSearchParams(location.search).get("h");
  if (words && main && globalThis.Highlight) arrive(words.slice(0, 200));

  const open = page ? startPage() : startDialog();
  const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
  for (const key of document.querySelectorAll("[data-search-key]")) key.textContent = isApple ? "⌘ K" : "Ctrl K";
  for (const opener of document.querySelectorAll("[data-search-open]")) {
    opener.addEventListener("pointerenter", warm, { once: true });
    opener.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  }
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping;
    if (event.defaultPrevented || event.isComposing || !(isCommand || isSlash)) return;
    event.preventDefault();
    open();
  });
})();
