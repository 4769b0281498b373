// Search: reads the elasticlunr index of the site and shows what it finds, in the dialog and on the
// page /search/. What a reader types, and what a page says, goes into text nodes alone.
(() => {
  "use strict";

  // From text to words, step for step as src/render/search/tokens.rs has it.

  const STOP = new Set(("a able about across after all almost also am among an and any are as at be because been " +
    "but by can cannot could dear did do does either else ever every for from get got had has have he her hers " +
    "him his how however i if in into is it its just least let like likely may me might most must my neither no " +
    "nor not of off often on only or other our own rather said say says she should since so some than that the " +
    "their them then there these they this tis to too twas us wants was we were what when where which while who " +
    "whom why will with would yet you your").split(" "));
  const CJK = "\\u3041-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const WORD = "\\p{Alphabetic}\\p{M}\\p{N}";
  const re = (source, flags = "u") => new RegExp(source, flags);
  const UNSPACED = re(`[${CJK}]+`, "gu"), STARTS_UNSPACED = re(`^[${CJK}]`);
  const EDGES = re(`^[^${WORD}]+|[^${WORD}]+$`, "gu"), NAME = re(`^[${WORD}_.:/@#-]+$`);
  const BETWEEN_RUNS = re(`[^${WORD}_-]+`);
  const HUMPS = /[\p{Lowercase}\p{N}](?=\p{Uppercase})|\p{Uppercase}(?=\p{Uppercase}\p{Lowercase})(?!\p{Uppercase}s$)/gu;

  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f'’]/g, "").normalize("NFC");

  // The words of a text, chunk by chunk: { whole: […], parts: […] }. A part has no part of its own.
  function chunks(text, folded = fold) {
    return folded(text).replace(UNSPACED, " $& ").split(/\s+/).map((chunk) => {
      chunk = chunk.replace(EDGES, "");
      const whole = [], parts = [];
      const push = (list, word) => { if (word && [...word].length <= 48) list.push(word.toLowerCase()); };
      const chars = [...chunk];
      if (STARTS_UNSPACED.test(chunk)) {
        if (chars.length === 1) push(parts, chunk);
        for (let i = 1; i < chars.length; i++) push(parts, chars[i - 1] + chars[i]);
        return { whole, parts };
      }
      const isName = NAME.test(chunk);
      const runs = chunk.split(BETWEEN_RUNS).map((run) => run.replace(/^[_-]+|[_-]+$/g, ""));
      let n = 0;
      for (const run of runs) {
        const words = run.split(/[_-]/).filter(Boolean);
        for (const word of words) {
          const humps = word.replace(HUMPS, "$& ").split(" ");
          humps.forEach((hump) => push(parts, hump));
          if (humps.length > 1 && word !== run) push(whole, word);
          n += humps.length;
        }
        if (run !== chunk || !isName) { if (words.length > 1 || run.replace(HUMPS, "$& ") !== run) push(whole, run); }
      }
      if (isName && n > 1) push(whole, chunk);
      return { whole, parts };
    }).filter((chunk) => chunk.parts.length);
  }

  // Porter's stemmer as elasticlunr has it, of words of a to z.
  const C = "[^aeiou][^aeiouy]*", V = "[aeiouy][aeiou]*";
  const M0 = re(`^(${C})?${V}${C}`), M1 = re(`^(${C})?${V}${C}(${V})?$`), M2 = re(`^(${C})?${V}${C}${V}${C}`);
  const VOWEL = re(`^(${C})?[aeiouy]`), CVC = re(`^${C}[aeiouy][^aeiouwxy]$`);
  const list = (text) => new Map(text.split(" ").map((pair) => pair.split(":")));
  const TWO = list("ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous " +
    "ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble logi:log");
  const THREE = list("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");
  const ENDS_TWO = re(`^(.+?)(${[...TWO.keys()].join("|")})$`), ENDS_THREE = re(`^(.+?)(${[...THREE.keys()].join("|")})$`);
  function stem(word) {
    if (word.length < 3) return word;
    let w = word.replace(/^y/, "Y"), m;
    w = /(ss|i)es$/.test(w) ? w.slice(0, -2) : w.replace(/([^s])s$/, "$1");
    if ((m = /^(.*)eed$/.exec(w))) {
      if (M0.test(m[1])) w = w.slice(0, -1);
    } else if ((m = /^(.+)(ed|ing)$/.exec(w)) && VOWEL.test(m[1])) {
      w = m[1];
      if (/(at|bl|iz)$/.test(w)) w += "e";
      else if (/([^aeiouylsz])\1$/.test(w)) w = w.slice(0, -1);
      else if (CVC.test(w)) w += "e";
    }
    w = w.replace(/^(.+[^aeiou])y$/, "$1i");
    if ((m = ENDS_TWO.exec(w)) && M0.test(m[1])) w = m[1] + TWO.get(m[2]);
    if ((m = ENDS_THREE.exec(w)) && M0.test(m[1])) w = m[1] + THREE.get(m[2]);
    if ((m = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$/.exec(w))) {
      if (M2.test(m[1])) w = m[1];
    } else if ((m = /^(.+[st])ion$/.exec(w)) && M2.test(m[1])) w = m[1];
    if ((m = /^(.+)e$/.exec(w)) && (M2.test(m[1]) || (M1.test(m[1]) && !CVC.test(m[1])))) w = m[1];
    if (/ll$/.test(w) && M2.test(w)) w = w.slice(0, -1);
    return w.replace(/^Y/, "y");
  }

  // A word as the index holds it; nothing for the commonest.
  const indexed = (token) => (/^[a-z]+$/.test(token) ? (STOP.has(token) ? "" : stem(token)) : token);
  const tokens = (text, folded) => chunks(text, folded).flatMap((chunk) => [...chunk.whole, ...chunk.parts]);
  // With the accents that folding takes away: a form that adds to a find, and is never asked for.
  function exact(text) {
    const folded = new Set(tokens(text));
    const composed = text.normalize("NFKD").replace(/['’]/g, "").normalize("NFC");
    return tokens(composed, (same) => same).filter((token) => !folded.has(token) && !/^\p{M}/u.test(token));
  }
  const words = (text) => [...tokens(text), ...exact(text)].map(indexed).filter(Boolean);

  // From a query to documents.

  function parse(query) {
    const found = chunks(query);
    const typing = !/\s$/.test(query);
    const all = found.flatMap((chunk) => chunk.parts).map((raw) => ({ raw, word: indexed(raw), prefix: false }));
    const last = all.at(-1);
    if (last && typing) last.prefix = true;
    let terms = all.filter((term) => term.word);
    // A query of the commonest words alone may be the beginning of a rarer one.
    if (!terms.length && last && typing) terms = [{ ...last, word: last.raw }];
    return { terms, names: found.flatMap((chunk) => chunk.whole) };
  }

  const ENDINGS = "ments ations ings ers ables ances ences fully nesses ities ives izing als ously ions ed es".split(" ");

  const node = (trie, word) => {
    for (const c of word) if (!(trie = trie[c])) return;
    return trie;
  };

  // Calls visit(node, length) for the words below a node, nearest first, up to a number of them.
  function below(from, length, visit) {
    let level = [from], left = 500;
    while (level.length && left > 0) {
      const next = [];
      for (const item of level) {
        if (item.df && left-- > 0) visit(item, length);
        for (const key of Object.keys(item)) if (key !== "docs" && key !== "df") next.push(item[key]);
      }
      level = next;
      length++;
    }
  }

  // Makes a function from a query to { terms, results, partial }; a result is { row, score, headings }.
  function finder(manifest, data, rows) {
    const { length, docInfo } = data.documentStore;
    const fields = manifest.fields.map(({ name, boost }) => ({ name, boost, trie: data.index[name].root }));

    // What each document scores for a word: Σ boost · tf · idf / √length, as elasticlunr has it.
    function score(term) {
      const total = new Map();
      for (const { name, boost, trie } of fields) {
        const best = new Map();
        const add = (item, weight) => {
          const idf = 1 + Math.log(length / (item.df + 1));
          for (const id in item.docs) {
            const value = (weight * boost * item.docs[id].tf * idf) / Math.sqrt(docInfo[id][name] || 1);
            if (value > (best.get(id) || 0)) best.set(id, value);
          }
        };
        const exact = node(trie, term.word);
        if (exact?.df) add(exact, 1);
        const almost = term.near && node(trie, term.near);
        if (almost?.df) add(almost, 0.5);
        // One or two letters begin too many words of a text.
        if (term.prefix && (term.raw.length > 2 || !/^[\x00-\x7f]*$/.test(term.raw) || name === "title")) {
          for (const word of new Set([term.raw, term.word])) {
            const start = node(trie, word);
            if (start) below(start, word.length, (item, n) => add(item, (0.5 * word.length) / n));
          }
        }
        for (const [id, value] of best) total.set(id, (total.get(id) || 0) + value);
      }
      return total;
    }

    // While "deploymen" is typed, "deploy" (the stem of "deployment") is meant.
    function near(term) {
      const has = (word) => fields.some(({ trie }) => node(trie, word)?.df);
      if (!term.prefix || has(term.word)) return;
      for (let n = term.raw.length - 1; n >= 4; n--) {
        const tail = term.raw.slice(n), word = term.raw.slice(0, n);
        if (ENDINGS.some((ending) => ending.startsWith(tail)) && has(word)) return word;
      }
    }

    return (query) => {
      const { terms, names } = parse(query);
      const found = new Map();
      for (const term of terms) {
        term.near = near(term);
        for (const [id, value] of score(term)) {
          const result = found.get(id) || { id, n: 0, score: 0 };
          result.n++;
          result.score += value;
          found.set(id, result);
        }
      }
      for (const raw of names) {
        for (const [id, value] of score({ raw, word: indexed(raw) })) if (found.has(id)) found.get(id).score += 4 * value;
      }
      const most = Math.max(0, ...[...found.values()].map((result) => result.n));
      const asked = fold(query).trim().toLowerCase();
      const results = [...found.values()].filter((result) => result.n === most);
      for (const result of results) {
        result.row = rows[result.id];
        const title = fold(result.row[1]).toLowerCase();
        if (title === asked || result.row[0].endsWith(`/${asked}/`)) result.score *= 4;
        else if (title.startsWith(asked)) result.score *= 1.5;
      }
      results.sort((a, b) => b.score - a.score || a.row[0].length - b.row[0].length || a.id - b.id);
      return { terms, results, partial: most < terms.length };
    };
  }

  // How many words of the query stand in a text.
  function matches(text, terms) {
    const tokens = chunks(text).flatMap((chunk) => [...chunk.whole, ...chunk.parts]);
    const is = (token, term) =>
      [term.word, term.near].includes(indexed(token)) || (term.prefix && token.startsWith(term.raw));
    return terms.filter((term) => tokens.some((token) => is(token, term))).length;
  }

  function headings(row, terms) {
    const ranked = (row[6] || []).map(([anchor, text]) => ({ anchor, text, n: matches(text, terms) }));
    const most = Math.max(1, ...ranked.map((heading) => heading.n));
    return ranked.filter((heading) => heading.n === most).slice(0, 3);
  }

  // Asking for `module` would find a heading of that name.
  if (typeof document === "undefined") {
    module.exports = { words, stem, finder, headings };
    return;
  }

  // From documents to the page.

  const root = new URL(document.documentElement.dataset.root || "./", location.href);
  const GROUPS = { entity: "Entities", api: "APIs", doc: "Docs" };
  const PIECES = re(`[${WORD}]+|[^${WORD}]+`, "gu");

  function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    element.append(...children);
    return element;
  }

  const marked = (text, terms) =>
    (text.match(PIECES) || []).map((piece) => (matches(piece, terms) ? el("mark", {}, piece) : piece));

  async function json(path, cache) {
    const response = await fetch(new URL(`search/${path}`, root), { cache });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
  }

  // Puts a shard's lists into the tries: see the guide's page on search for their form.
  function graft(index, fields, { terms, lists }) {
    if (!terms) return;
    const texts = lists.split(" ");
    terms.split(" ").forEach((term, i) => texts[i].split("!").forEach((list, field) => {
      if (!list) return;
      let at = 0, id = -1, trie = index[fields[field].name].root;
      const value = () => { const c = list.charCodeAt(at++); return c - 35 - (c > 92); };
      const number = () => { let n = 0, v; while ((v = value()) >= 45) n = n * 45 + v - 45; return n * 45 + v; };
      for (const c of term) trie = trie[c] ||= {};
      const docs = trie.docs ||= {};
      const capped = list.indexOf("~");
      trie.df = capped > 0 ? number() : trie.df || 0;
      at = capped + 1;
      let n = 0;
      for (; at < list.length; n++) {
        id += 1 + number();
        docs[id] = { tf: 2 ** (-value() / 12) };
      }
      if (!trie.df) trie.df = n;
    }));
  }

  let loading;
  function load() {
    loading ||= (async () => {
      const manifest = await json("manifest.json", "no-cache");
      const hashes = (text, length) => text.match(new RegExp(`.{${length}}`, "g")) || [];
      const shards = (folder, { hash }) => Promise.all(hashes(hash, 8).map((name) => json(`${folder}/${name}.json`)));
      const [terms, more, docs] = await Promise.all([shards("t", manifest.terms), shards("o", manifest.more),
        Promise.all(hashes(manifest.docs.hash, 6).map((name, nr) => json(`d/${nr}-${name}.json`)))]);
      const fields = manifest.fields.map(([name, boost]) => ({ name, boost }));
      const index = Object.fromEntries(fields.map(({ name }) => [name, { root: {} }]));
      for (const shard of [...terms, ...more]) graft(index, fields, shard);
      const docInfo = new Proxy({}, { get: () => ({}) });
      return finder({ fields }, { index, documentStore: { length: manifest.n, docInfo } }, docs.flat());
    })().catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  function links({ row }, terms, attributes) {
    const [url, title, breadcrumb, icon, , teaser] = row;
    const href = new URL(url, root).href;
    const text = el("span", { class: "search-text" },
      el("span", { class: "search-title" }, ...marked(title, terms)),
      el("span", { class: "search-breadcrumb" }, ...marked(breadcrumb, terms)));
    if (teaser) text.append(el("span", { class: "search-teaser" }, ...marked(teaser, terms)));
    const picture = el("span", { class: `icon icon-${icon}`, "aria-hidden": "true" });
    return [
      el("a", { class: "search-result", href, ...attributes }, picture, text),
      ...headings(row, terms).map((heading) =>
        el("a", { class: "search-result search-heading", href: `${href}#${encodeURIComponent(heading.anchor)}`, ...attributes },
          el("span", { class: "search-hash", "aria-hidden": "true" }, "#"),
          el("span", { class: "search-title" }, ...marked(heading.text, terms)))),
    ];
  }

  // Wires a box: an input, a status line and a place for results. show(element, links, …) lays out a group.
  function box(place, limit, attributes, layOut, after) {
    const input = place.querySelector("[data-search-input]");
    const status = place.querySelector("[data-search-status]");
    const results = place.querySelector("[data-search-results]");
    async function update() {
      const query = input.value;
      if (!query.trim()) {
        results.replaceChildren();
        status.textContent = "";
        return after(query);
      }
      if (!results.hasChildNodes()) status.textContent = "Searching…";
      let find;
      try {
        find = await load();
      } catch {
        if (query !== input.value) return;
        const retry = el("button", { type: "button", class: "search-retry" }, "Try again");
        retry.addEventListener("click", update);
        results.replaceChildren();
        status.replaceChildren("The search index could not be loaded. ", retry);
        return after(query);
      }
      if (query !== input.value) return;
      const found = find(query);
      const groups = new Map();
      for (const result of found.results) {
        const name = result.row[4];
        groups.set(name, [...(groups.get(name) || []), result]);
      }
      results.replaceChildren(...[...groups].map(([name, all]) =>
        layOut(GROUPS[name], all.length, all.slice(0, limit).map((result) => links(result, found.terms, attributes)))));
      const n = found.results.length;
      status.textContent = !n ? `Nothing found for “${query.trim()}”.`
        : (found.partial ? "Nothing has all of these words. Nearest: " : "") + (n === 1 ? "1 result" : `${n} results`);
      after(query);
    }
    input.addEventListener("input", update);
    return { input, results, update };
  }

  function startPage(page) {
    const index = page.querySelector("[data-search-index]");
    const list = (label, n, items) => el("section", { class: "search-group" },
      el("h2", { class: "search-label" }, `${label} `, el("span", { class: "search-count" }, `${n}`)),
      el("ul", {}, ...items.map((anchors) => el("li", {}, ...anchors))));
    const { input, update } = box(page, 50, {}, list, (query) => {
      if (index) index.hidden = !!query.trim();
      const url = new URL(location.href);
      if (query) url.searchParams.set("q", query);
      else url.searchParams.delete("q");
      if (url.href !== location.href) history.replaceState(null, "", url);
    });
    input.closest("form")?.addEventListener("submit", (event) => {
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

  function startDialog(dialog) {
    let active = -1;
    const more = dialog.querySelector("[data-search-more]");
    const group = (label, n, items) => el("div", { role: "group", "aria-label": label, class: "search-group" },
      el("div", { class: "search-label", "aria-hidden": "true" }, label), ...items.flat());
    const { input, results, update } = box(dialog, 5, { role: "option", tabindex: "-1" }, group, (query) => {
      options().forEach((option, i) => { option.id = `cb:option:${i}`; });
      input.setAttribute("aria-expanded", `${options().length > 0}`);
      if (more) {
        more.href = new URL(`search/?q=${encodeURIComponent(query)}`, root).href;
        more.hidden = !options().length;
      }
      results.scrollTop = 0;
      choose(0);
    });
    const options = () => [...results.querySelectorAll("[role=option]")];
    function choose(i) {
      const all = options();
      active = all.length ? (i + all.length) % all.length : -1;
      all.forEach((option, n) => option.setAttribute("aria-selected", `${n === active}`));
      if (active < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", all[active].id);
      if (active > 0) all[active].scrollIntoView({ block: "nearest" });
    }
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const moves = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: -1 };
      if (event.key in moves && options().length) {
        event.preventDefault();
        choose(moves[event.key]);
      } else if (event.key === "Enter") {
        event.preventDefault();
        options()[active]?.click();
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
      load().catch(() => {});
      if (input.value) update();
    };
  }

  const page = document.querySelector("[data-search-page]");
  const dialog = document.querySelector("dialog[data-search-dialog]");
  const open = page ? startPage(page) : dialog && startDialog(dialog);
  if (!open) return;
  const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
  for (const key of document.querySelectorAll("[data-search-key]")) key.textContent = isApple ? "⌘ K" : "Ctrl K";
  for (const opener of document.querySelectorAll("[data-search-open]")) {
    opener.addEventListener("pointerenter", () => load().catch(() => {}), { once: true });
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
