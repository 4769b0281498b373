// The engine of search: reads the files that src/render/search writes and answers queries, in a worker or,
// where there is none, in the page. It knows no document: what it finds goes out as text.
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


  // Returns { whole, parts } of a folded text. A part has no part of its own; `long` counts what is no word.
  function names(text) {
    const whole = [], parts = [];
    let long = 0;
    const push = (list, word) => {
      if (word.length <= 48 || [...word].length <= 48) { if (word) list.push(word.toLowerCase()); } else long++;
    };
    for (let chunk of text.replace(UNSPACED, " $& ").split(/\s+/)) {
      chunk = chunk.replace(EDGES, "");
      if (STARTS_UNSPACED.test(chunk)) {
        const chars = [...chunk];
        if (!chars[1]) push(parts, chunk);
        for (let i = 1; i < chars.length; i++) push(parts, chars[i - 1] + chars[i]);
        continue;
      }
      const isName = NAME.test(chunk);
      let n = 0;
      for (let run of chunk.split(BETWEEN_RUNS)) {
        run = run.replace(/^[_-]+|[_-]+$/g, "");
        const words = run.split(/[_-]/).filter(Boolean);
        for (const word of words) {
          const humps = word.replace(HUMPS, "$& ").split(" ");
          for (const hump of humps) push(parts, hump);
          if (humps[1] && word !== run) push(whole, word);
          n += humps.length;
        }
        if ((run !== chunk || !isName) && (words[1] || HUMPS.test(run))) push(whole, run);
        HUMPS.lastIndex = 0;
      }
      if (isName && n > 1) push(whole, chunk);
    }
    return { whole, parts, long };
  }

  // Returns the words of a text; those that only its accents tell from others are `exact`.
  function tokens(text) {
    const found = names(fold(text)), known = new Set([...found.whole, ...found.parts]);
    const accented = /^[\x00-\x7f]*$/.test(text) ? found : names(text.normalize("NFKD").replace(/['’]/g, "").normalize("NFC"));
    found.exact = [...accented.whole, ...accented.parts].filter((word) => !known.has(word) && !/^\p{M}/u.test(word));
    return found;
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

  // What the words of a portal are: its language and its own stop words.
  function language({ lang = "en", stop = [], keep = [] } = {}) {
    const common = new Set([...(lang === "en" ? STOP : []), ...stop].filter((word) => !keep.includes(word)));
    const isCommon = (token) => common.has(token);
    const indexed = (token) => (lang === "en" && !isCommon(token) && /^[a-z]+$/.test(token) ? stem(token) : token);
    return { isCommon, indexed };
  }

  // Lists of documents, as the index is stored.

  const VALUES = Array.from({ length: 90 }, (_, c) => 2 ** (-c / 12));

  // Returns [df, ids, weights] of one field's list.
  function decoded(text) {
    const ids = [], weights = [];
    let at = 0, id = -1, df = 0;
    const value = () => {
      const c = text.charCodeAt(at++);
      return c - 35 - (c > 92);
    };
    const number = () => {
      let n = 0, v;
      while ((v = value()) >= 45) n = n * 45 + v - 45;
      return n * 45 + v;
    };
    if (text.includes("~")) { df = number(); at++; }
    while (at < text.length) {
      ids.push((id += 1 + number()));
      weights.push(VALUES[value()] || 0);
    }
    return [df || ids.length, ids, weights];
  }

  // A node of a trie in elasticlunr's form: `df`, `docs` and a node for each next character. Its lists are read when
  // they are asked for.
  class Node {
    #texts = [];
    #lists;
    add(text) { this.#texts.push(text); }
    get isCapped() { return this.#texts.length === 1 && this.#texts[0].includes("~"); }
    get lists() { return (this.#lists ||= this.#texts.map(decoded)); }
    get df() { return Math.max(0, ...this.lists.map(([df]) => df)); }
    get docs() {
      const docs = {};
      for (const [, ids, weights] of this.lists) ids.forEach((id, i) => { docs[id] = { tf: weights[i] }; });
      return docs;
    }
  }

  function node(trie, word) {
    for (let i = 0; trie && i < word.length; i++) trie = trie[word[i]];
    return trie;
  }

  // Puts a shard into tries, one for each field: body, title, headings, tags.
  function graft(tries, { terms, lists }) {
    const all = lists.split(" ");
    terms.split(" ").forEach((term, i) => (all[i] || "").split("!").forEach((text, field) => {
      if (!text) return;
      let at = tries[field];
      for (let c = 0; c < term.length; c++) at = at[term[c]] ||= new Node();
      at.add(text);
    }));
    return tries;
  }

  // Calls visit(node, length) for the words below some nodes, shortest first, up to a number of them.
  function below(level, length, visit) {
    for (let left = 500; level.length && left > 0; length++) {
      const next = [];
      for (const item of level) {
        if (item.df && left-- > 0) visit(item, length);
        for (const key of Object.keys(item)) next.push(item[key]);
      }
      level = next;
    }
  }

  // Tells whether two words differ by one letter, or two that have changed places; with `open`, whether the second goes
  // on from there.
  function near(a, b, open) {
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    const is = (x, y) => (open ? y.startsWith(x) : x === y);
    return is(a.slice(i + 1), b.slice(i + 1)) || is(a.slice(i), b.slice(i + 1)) || is(a.slice(i + 1), b.slice(i)) ||
      (a[i] === b[i + 1] && a[i + 1] === b[i] && is(a.slice(i + 2), b.slice(i + 2)));
  }

  // From a query to words.

  const KEYS = "kind type owner system lifecycle tag in".split(" ");
  const MAX_TERMS = 32;

  // Returns { filters, terms, bonus, isCut }: filters as [key, value, isTyped], terms that a document must have, and words
  // that only add.
  function parse(query, { isCommon, indexed }) {
    const filters = [];
    const isTyping = !/\s$/.test(query);
    const text = query.slice(0, 2000).replace(/(^|\s)(\w+):("[^"]*"|\S+)(?=(\s|$))/g, (all, _, key, value, end) => {
      if (!KEYS.includes(key.toLowerCase())) return all;
      filters.push([key.toLowerCase(), value.replace(/"/g, "").toLowerCase(), !end && isTyping]);
      return " ";
    });
    const { whole, parts, exact, long } = tokens(text);
    const distinct = [...new Set(parts)];
    const term = (raw) => ({ raw, word: indexed(raw), also: [] });
    const all = distinct.slice(-MAX_TERMS).map(term);
    // Of a query of the commonest words alone, each counts.
    const rare = all.filter(({ raw }) => !isCommon(raw));
    const terms = rare.length ? rare : all;
    const last = parts.at(-1);
    if (last && isTyping && !/\s$/.test(text)) for (const term of terms) term.isPrefix = term.raw === last;
    const bonus = [...new Set([...whole, ...exact])].slice(0, MAX_TERMS).map((raw) => ({ ...term(raw), boost: 4 }));
    if (rare.length) bonus.push(...all.filter(({ raw }) => isCommon(raw)).map((term) => ({ ...term, boost: 1, covers: true })));
    const asked = fold(text).toLowerCase().trim().replace(/\s+/g, " ");
    return { filters, terms, bonus, asked, isCut: long > 0 || distinct.length > MAX_TERMS || query.length > 2000 };
  }

  const ENDINGS = "ments ations ings ers ables ances ences fully nesses ities ives izing als ously ions ed es".split(" ");

  // While "deploymen" is typed, "deploy" (the stem of "deployment") is meant.
  function stems({ raw, isPrefix }) {
    const found = [];
    for (let n = raw.length - 1; isPrefix && n >= 4; n--) {
      if (ENDINGS.some((ending) => ending.startsWith(raw.slice(n)))) found.push(raw.slice(0, n));
    }
    return found;
  }

  const ASCII = /^[\x00-\x7f]*$/;
  // One or two letters begin too many words of a text: they are looked for among the names of entities.
  const isShort = ({ raw }) => raw.length < 3 && ASCII.test(raw);

  // Marks what of a text was asked for: its plain and its marked pieces take turns.
  const PIECES = re(`[${CJK}]+|[${WORD}]+|[^${WORD}]+`, "gu");
  function marked(text, terms, indexed) {
    const pieces = [""];
    // The first are plain, the last was marked if their number is even.
    const push = (piece, isHit) => {
      if (pieces.length % 2 === (isHit ? 0 : 1)) pieces[pieces.length - 1] += piece;
      else pieces.push(piece);
    };
    const isHit = (piece) => {
      const token = fold(piece).toLowerCase(), word = indexed(token);
      return terms.some((term) => token === term.raw || word === term.word || term.also.includes(word) ||
        (term.isPrefix && token.startsWith(term.raw)));
    };
    const starts = terms.map(({ raw, word, also }) => [raw, ...also].map((of) => of.slice(0, 2))).flat();
    for (const piece of text.match(PIECES) || []) {
      if (STARTS_UNSPACED.test(piece)) {
        const raws = terms.filter(({ raw }) => STARTS_UNSPACED.test(raw)).map(({ raw }) => raw);
        const hits = new Set();
        for (const raw of raws) for (let at = -1; (at = piece.indexOf(raw, at + 1)) >= 0;) for (let i = 0; i < raw.length; i++) hits.add(at + i);
        for (let i = 0; i < piece.length; i++) push(piece[i], hits.has(i));
        continue;
      }
      const lower = fold(piece).toLowerCase();
      if (!starts.some((start) => lower.includes(start))) push(piece, false);
      else if (isHit(piece)) push(piece, true);
      else for (const hump of piece.replace(HUMPS, "$& ").split(" ")) push(hump, isHit(hump));
    }
    return pieces;
  }

  // Returns the text of a page that we wrote.
  function textOf(html) {
    const from = Math.max(html.indexOf("<article"), html.indexOf("<main"), 0);
    const text = html.slice(from, from + 400000).split(/<\/(?:article|main)>/)[0];
    const signs = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
    return text.replace(/<h1[^>]*>.*?<\/h1>|<a class="headerlink"[^>]*>#<\/a>/g, "").replace(/<\/?(?:span|code|a|em|strong|kbd|mark)\b[^>]*>/g, "").replace(/<[^>]*>/g, " ").replace(/&(#?\w+);/g, (all, name) => signs[name] ?? all).replace(/\s+/g, " ");
  }

  // Cuts some 30 words out of a text, where most of the words asked for stand together.
  function cut(text, terms, indexed) {
    const pieces = marked(text, terms, indexed);
    const hits = [];
    let at = 0;
    pieces.forEach((piece, i) => {
      if (i % 2) hits.push([at, indexed(fold(piece).toLowerCase())]);
      at += piece.length;
    });
    if (!hits.length) return;
    let best = 0, most = 0;
    for (let i = 0; i < hits.length && i < 2000; i++) {
      const seen = new Set();
      for (let j = i; j < hits.length && hits[j][0] < hits[i][0] + 130; j++) seen.add(hits[j][1]);
      if (seen.size > most) { most = seen.size; best = i; }
    }
    const from = Math.max(0, hits[best][0] - 45);
    let teaser = text.slice(from, from + 190);
    if (from) teaser = "…" + teaser.replace(/^\S*\s/, "");
    if (from + 190 < text.length) teaser = teaser.replace(/\s\S*$/, "") + "…";
    return marked(teaser.trim(), terms, indexed);
  }

  // From words to documents.

  const MAX_FILES = 64, MAX_FETCHES = 4, FEW = 3;
  const GROUPS = ["entity", "api", "doc", "people"];

  // Makes an engine: a function that takes a message { nr, q, … } and posts what it finds, at first perhaps from names
  // alone (`isPending`). load(name, signal) reads a file of the search; page(url, signal) a page of the site.
  function engine(load, page, post) {
    let manifest, words, n, current = 0, wanted = new Set(), fetching = 0;
    let heads, tries, docs, tables, rangeFrom, rangeEntity;
    const files = new Map(), queue = [], entities = [];
    const failed = new Set();

    // Files are kept, the last used longest; what nobody wants any more is not waited for.
    function file(name, make = (json) => json) {
      let entry = files.get(name);
      if (entry) files.delete(name);
      else {
        const control = new AbortController();
        entry = { control };
        entry.promise = new Promise((done) => queue.push(() => {
          const get = control.signal.aborted ? Promise.reject() : load(name, control.signal);
          return get.then((json) => { entry.value = make(json); }).catch(() => {
            if (control.signal.aborted) return;
            files.delete(name);
            failed.add(name);
          }).then(done);
        }));
        start();
      }
      files.set(name, entry);
      for (const [old, { value }] of files) if (files.size > MAX_FILES && value && !wanted.has(old)) files.delete(old);
      return entry;
    }
    function start() {
      while (fetching < MAX_FETCHES && queue.length) {
        fetching++;
        queue.shift()().then(() => { fetching--; start(); });
      }
    }
    const files_of = (list, length) => list.match(re(`.{${length}}`, "g")) || [];

    async function begin() {
      if (manifest) return;
      const read = await load("manifest.json");
      const table = ({ from, hash }, folder) => {
        const froms = from.split(" ");
        return files_of(hash, 8).map((hash, i) => ({ from: froms[i], name: `${folder}/${hash}.json` }));
      };
      tables = [table(read.terms, "t"), table(read.more, "o")];
      docs = files_of(read.docs.hash, 6).map((hash, i) => `d/${i}-${hash}.json`);
      heads = files_of(read.entity.hash, 8).map((hash, i) => `e/${i}-${hash}.json`);
      words = language(read);
      n = read.n;
      manifest = read;
    }

    // Entities, as columns.
    async function readEntities() {
      const all = await Promise.all(heads.map(async (name, nr) => {
        if (entities[nr]) return;
        const entry = file(name);
        await entry.promise;
        if (!entry.value) return;
        const value = (entities[nr] = entry.value);
        value.kind = value.kinds.flatMap(([kind, icon, n]) => Array(n).fill([kind, icon, kind.toLowerCase()]));
        value.text = value.names.map((name, i) =>
          ` ${name} ${value.titles[i]}`.replace(HUMPS, "$& ")).map((text) => fold(text).toLowerCase());
      }));
      if (!entities[0] || rangeFrom) return all;
      const { n: counts, entity } = entities[0].ranges;
      rangeFrom = [manifest.entities];
      counts.forEach((n, i) => rangeFrom.push(rangeFrom[i] + n));
      rangeEntity = entity;
    }
    const head = (e) => [entities[Math.floor(e / manifest.entity.len)], e % manifest.entity.len];
    const cell = (e, column) => {
      const [of, i] = head(e), at = of?.[column].at[i];
      return column === "tags" ? (at || []).map((tag) => of.tags.of[tag]) : (of?.[column].of[at] ?? "");
    };
    const nameOf = (e) => { const [of, i] = head(e); return of?.names[i] || ""; };
    const titleOf = (e) => { const [of, i] = head(e); return of?.titles[i] || nameOf(e); };
    const kindOf = (e) => { const [of, i] = head(e); return of?.kind[i] || ["", "", ""]; };
    const urlOf = (e) => `${cell(e, "namespace")}/${kindOf(e)[2]}/${nameOf(e).toLowerCase()}/`;

    // Returns the range of a document after the entities.
    function rangeOf(id) {
      let low = 0, high = rangeFrom.length - 1;
      while (low < high - 1) {
        const middle = (low + high) >> 1;
        if (rangeFrom[middle] <= id) low = middle; else high = middle;
      }
      return low;
    }
    // What a range is called: its entity, or the end of its address.
    const rangeName = (r) => rangeEntity[r] >= 0 ? nameOf(rangeEntity[r]) : entities[0].ranges.base[r].split("/").at(-1);
    const short = (ref) => ref.split("/").at(-1);

    // Returns the values of a facet that a document has: [value, label].
    function facet(id, r, key) {
      const e = r < 0 ? id : rangeEntity[r];
      if (key === "in") return r < 0 ? [] : [[rangeName(r), entities[0].ranges.title[r] || titleOf(e)]];
      if (key === "kind" && r >= 0) return [["docs", "Docs"]];
      if (e < 0) return [];
      if (key === "kind") { const [kind, , lower] = kindOf(e); return kind ? [[lower, kind]] : []; }
      const value = cell(e, key === "tag" ? "tags" : key);
      return (key === "tag" ? value : value ? [value] : []).map((value) => [short(value), short(value), value]);
    }

    // Makes a function that tells whether a document passes the filters.
    function passes(filters) {
      const keys = KEYS.map((key) => [key, filters.filter((of) => of[0] === key)]).filter((of) => of[1].length);
      const seen = new Map();
      return (id) => {
        const r = id < manifest.entities ? -1 : rangeOf(id);
        if (r >= 0 && seen.has(r)) return seen.get(r);
        const is = keys.every(([key, wanted]) => {
          const values = facet(id, r, key).flat();
          if (key === "in" && r < 0) values.push(nameOf(id));
          return wanted.some(([, value, isTyped]) => values.some((of) => {
            const lower = of.toLowerCase();
            return lower === value || (isTyped && lower.startsWith(value));
          }));
        });
        if (r >= 0) seen.set(r, is);
        return is;
      };
    }

    // Returns the files of a table that may hold words from one to another.
    function shards(table, from, to = from) {
      const found = [];
      table.forEach(({ from: start, name }, i) => {
        if (start <= to && !(table[i + 1]?.from <= from)) found.push(name);
      });
      return found;
    }
    function shardsOf(term, table) {
      const all = [term.word, ...term.also, ...stems(term)].flatMap((word) => shards(table, word));
      if (term.isPrefix && !isShort(term)) all.push(...shards(table, term.raw, term.raw + "\uffff").slice(0, 3));
      return all;
    }
    const trie = (shard) => graft([{}, {}, {}, {}], shard);
    const roots = (word, field, to) => tables.flatMap((table) => shards(table, word, to))
      .map((name) => files.get(name)?.value?.[field]).filter(Boolean);
    const nodes = (word, field) => roots(word, field).map((root) => node(root, word)).filter((of) => of?.df);

    // Adds what each document scores for a word: Σ boost · best of weight · tf · idf. Returns the documents.
    function score(term, { scores, best, seen }, cover) {
      const all = [];
      manifest.fields.forEach(([name, boost], field) => {
        const touched = [];
        const add = (id, value) => {
          if (!best[id]) touched.push(id);
          if (value > best[id]) best[id] = value;
        };
        const addNode = (of, weight, covers) => {
          const idf = weight * (1 + Math.log(n / (of.df + 1)));
          for (const [, ids, weights] of of.lists) ids.forEach((id, i) => {
            add(id, idf * weights[i]);
            if (!covers) return;
            covers.share[id] += weights[i] ** 2;
            covers.count[id]++;
          });
        };
        for (const of of nodes(term.word, field)) addNode(of, 1, name === "title" && cover);
        for (const word of term.also) for (const of of nodes(word, field)) addNode(of, 0.5);
        if (term.isPrefix && !isShort(term)) {
          const { raw } = term;
          const from = roots(raw, field, raw + "\uffff").map((root) => node(root, raw)).filter(Boolean);
          below(from, raw.length, (of, length) => addNode(of, (0.5 * raw.length) / length));
        } else if (term.isPrefix && name === "title") {
          const found = named(term.raw), idf = 1 + Math.log(n / (found.length + 1));
          for (const [id, length, count] of found) add(id, (0.5 * term.raw.length * idf) / length / Math.sqrt(count));
        }
        for (const id of touched) {
          scores[id] += boost * best[id] * (term.boost || 1);
          best[id] = 0;
          if (!seen[id]) all.push(id);
          seen[id] = 1;
        }
      });
      for (const id of all) seen[id] = 0;
      return all;
    }

    // Returns the entities with a word that begins so: [id, length of the word, number of words].
    function named(start) {
      const found = [];
      entities.forEach((of, nr) => of.text.forEach((text, i) => {
        for (let at = -1; (at = text.indexOf(start, at + 1)) >= 0;) {
          if (/[a-z0-9]/.test(text[at - 1])) continue;
          const length = text.slice(at).search(/[^a-z0-9]|$/);
          return found.push([nr * manifest.entity.len + i, length, text.split(/[^a-z0-9]+/).filter(Boolean).length]);
        }
      }));
      return found;
    }

    // Returns { ids, scores, most }: the documents that have the most of the terms.
    function rank({ terms, bonus, filters }) {
      const [scores, best, share] = [0, 0, 0].map(() => new Float64Array(n));
      const [counts, seen, count] = [0, 0, 0].map(() => new Uint8Array(n));
      const cover = { share, count };
      const nCovering = terms.length + bonus.filter(({ covers }) => covers).length;
      for (const term of terms) for (const id of score(term, { scores, best, seen }, cover)) counts[id]++;
      for (const term of bonus) score(term, { scores, best, seen }, term.covers && cover);
      const passing = filters.length ? passes(filters) : () => true;
      let most = terms.length ? 1 : 0, ids = [];
      for (let id = 0; id < (terms.length ? n : manifest.entities); id++) {
        if (counts[id] < most || !passing(id)) continue;
        if (counts[id] > most) { most = counts[id]; ids = []; }
        ids.push(id);
        scores[id] *= 1 + 2 * ((Math.min(1, share[id]) * count[id]) / nCovering) ** 2;
      }
      return { ids, scores, most };
    }

    const groupOf = (id) => {
      if (id >= manifest.entities) return 2;
      const kind = kindOf(id)[2];
      return kind === "api" ? 1 : kind === "group" || kind === "user" ? 3 : 0;
    };

    // Returns the best of each group, at most so many, and how many there are.
    function grouped({ ids, scores }, limit) {
      const groups = GROUPS.map((name) => ({ name, total: 0, ids: [] }));
      for (const id of ids) {
        const group = groups[groupOf(id)], list = group.ids;
        group.total++;
        if (list.length === limit && scores[id] <= scores[list[limit - 1]]) continue;
        let at = list.length;
        while (at > 0 && scores[list[at - 1]] < scores[id]) at--;
        list.splice(at, 0, id);
        if (list.length > limit) list.pop();
      }
      return groups.filter(({ total }) => total).sort((a, b) => scores[b.ids[0]] - scores[a.ids[0]]);
    }

    // Returns the values that tell results apart: [key, value, label, count], the most frequent first.
    function facets(ids, filters) {
      const counts = new Map();
      const ranges = new Map();
      const count = (id, r, n) => KEYS.forEach((key) => {
        for (const [value, label] of facet(id, r, key)) {
          const name = `${key}:${value}`, of = counts.get(name) || [key, value, label, 0];
          of[3] += n;
          counts.set(name, of);
        }
      });
      for (const id of ids) {
        const r = id < manifest.entities ? -1 : rangeOf(id);
        if (r < 0) count(id, r, 1); else ranges.set(r, (ranges.get(r) || 0) + 1);
      }
      for (const [r, n] of ranges) count(rangeFrom[r], r, n);
      const used = new Set(filters.map(([key]) => key));
      return [...counts.values()].filter(([key, , , n]) => n < ids.length && key !== "type" && !used.has(key)).sort((a, b) => b[3] - a[3]);
    }

    function entityRow(e) {
      const crumbs = [kindOf(e)[0], cell(e, "type"), short(cell(e, "owner"))];
      return [`catalog/${urlOf(e)}`, titleOf(e), crumbs.filter(Boolean).join(" · "), kindOf(e)[1], GROUPS[groupOf(e)], "", []];
    }
    const chunkOf = (id) => docs[Math.floor(id / manifest.docs.len)];
    const row = (id) => files.get(chunkOf(id))?.value?.[id % manifest.docs.len] || (id < manifest.entities ? entityRow(id) : undefined);

    function item(id, terms) {
      const of = row(id);
      if (!of) return;
      const mark = (text) => marked(text, terms, words.indexed);
      const n = (pieces) => new Set(pieces.filter((_, i) => i % 2).map((piece) => words.indexed(fold(piece).toLowerCase()))).size;
      const headings = (of[6] || []).map(([anchor, text]) => [anchor, mark(text)]).map((of) => [...of, n(of[1])]);
      const most = Math.max(1, ...headings.map((of) => of[2]));
      return {
        url: of[0], title: mark(of[1]), crumbs: mark(of[2]), icon: of[3], teaser: mark(of[5] || ""),
        headings: headings.filter((of) => of[2] === most).slice(0, 3),
      };
    }

    // Replaces words that nothing has by those that are nearest: first names and titles, then the words of texts.
    async function mend(parsed) {
      const is = (term) => manifest.fields.some((_, field) => nodes(term.word, field).length);
      const lost = parsed.terms.filter((term) => term.raw.length > 3 && !is(term) && !term.also.length);
      if (!lost.length) return [];
      const read = file(`w/${manifest.words}.json`, ({ words }) => {
        let before = "";
        return words.split(" ").map((item) => (before = before.slice(0, item.charCodeAt(0) - 35 - (item.charCodeAt(0) > 92)) + item.slice(1)));
      });
      await read.promise;
      return lost.filter((term) => {
        const known = read.value || [], { raw } = term;
        let found = known.filter((word) => Math.abs(word.length - raw.length) < 2 && near(raw, word));
        if (!found.length && term.isPrefix) found = known.filter((word) => word.length > raw.length && near(raw, word, true));
        if (!found.length) {
          const texts = shards(tables[0], term.word).flatMap((name) => files.get(name)?.value?.terms || []);
          found = texts.filter((word) => near(term.word, word));
        }
        // The first letter is seldom wrong.
        found.sort((a, b) => (b[0] === raw[0]) - (a[0] === raw[0]) || Math.abs(a.length - raw.length) - Math.abs(b.length - raw.length));
        term.also = [...new Set(found.slice(0, 4).map(words.indexed))];
        term.mended = found[0];
        return found.length;
      });
    }

    // Fetches files; those that were asked for earlier and are of no more use are given up.
    async function need(names, make, keep) {
      if (!keep) {
        wanted = new Set(names);
        for (const [name, { value, control }] of files) {
          if (value || wanted.has(name) || !/^[tod]\//.test(name)) continue;
          // Forgotten at once: the next query that wants it asks anew, rather than wait for what will not come.
          files.delete(name);
          control.abort();
        }
      }
      await Promise.all([...new Set(names)].map((name) => file(name, make)).filter((of) => !of.value).map((of) => of.promise));
    }

    async function find(message) {
      const { nr, q, limit = 5, here = "" } = message;
      const isStale = () => nr !== current;
      failed.clear();
      try {
        await begin();
      } catch {
        return isStale() || post({ nr, isLost: true });
      }
      await readEntities();
      if (isStale()) return;
      if (!entities[0]) return post({ nr, isLost: true });
      const parsed = parse(q, words);
      const { terms, bonus, filters } = parsed;
      const answer = ({ ids, scores, most }, isPending) => {
        // Of the best, the rows are known: a heading may be just what was asked for.
        const best = grouped({ ids, scores }, Math.max(10, limit));
        for (const { ids } of best) {
          for (const id of ids) scores[id] *= isPending ? 1 : worth(id, parsed.asked);
          ids.sort((a, b) => scores[b] - scores[a] || row(a)?.[0].length - row(b)?.[0].length || a - b);
          ids.length = Math.min(ids.length, best.length > 1 ? limit : Math.max(10, limit));
        }
        best.sort((a, b) => scores[b.ids[0]] - scores[a.ids[0]]);
        post({
          nr, q, isPending, filters, total: ids.length, isPartial: most < terms.length, isCut: parsed.isCut, missing: failed.size,
          scope: scopeOf(here), mended: terms.filter(({ mended }) => mended).map(({ raw, mended }) => [raw, mended]),
          facets: facets(ids, filters),
          groups: best.map((group) => ({ ...group, items: group.ids.map((id) => item(id, terms)).filter(Boolean) })),
        });
        return best.flatMap(({ ids }) => ids);
      };
      if (!terms.length && !filters.length) return answer({ ids: [], scores: [], most: 0 });
      const all = [...terms, ...bonus];
      const names = all.flatMap((term) => shardsOf(term, tables[0]));
      if (names.some((name) => !files.get(name)?.value)) answer(byName(parsed), true);
      await need(names, trie);
      if (isStale()) return;
      for (const term of terms) term.also = is(term) ? [] : stems(term).filter((word) => is({ word })).slice(0, 1);
      let ranked = rank(parsed);
      if ((ranked.most < terms.length || ranked.ids.length < FEW) && (await mend(parsed)).length) {
        await need(terms.flatMap((term) => shardsOf(term, tables[0])), trie, true);
        if (isStale()) return;
        ranked = rank(parsed);
      }
      const capped = terms.filter((term) => manifest.fields.some((_, field) => nodes(term.word, field).some((of) => of.isCapped)));
      if (capped.length && all.length + filters.length > 1 && (ranked.most < terms.length || ranked.ids.length < 10)) {
        await need(capped.flatMap((term) => shardsOf(term, tables[1])), trie, true);
        if (isStale()) return;
        ranked = rank(parsed);
      }
      if (failed.size && !ranked.ids.length) ranked = byName(parsed);
      await need(grouped(ranked, Math.max(10, limit)).flatMap(({ name, ids }) => ids.slice(0, name === "doc" ? limit + 5 : limit)).map(chunkOf), undefined, true);
      if (isStale()) return;
      const shown = answer(ranked);
      if (manifest.teasers) setTimeout(() => isStale() || teasers(nr, shown, terms), 200);
    }
    function worth(id, asked) {
      const [, title = "", , , , , headings = []] = row(id) || [];
      const begins = (text) => fold(text).toLowerCase().startsWith(asked);
      const worth = begins(title) ? 2 : 1;
      return headings.some(([, text]) => fold(text).toLowerCase() === asked) ? worth * 4 : headings.some(([, text]) => begins(text)) ? worth * 1.5 : worth;
    }
    const is = (term) => manifest.fields.some((_, field) => nodes(term.word, field).length);

    // Names alone: every word stands in them, as it is or as a beginning.
    function byName({ terms, filters }) {
      const scores = new Map(), counts = new Map();
      for (const { raw } of terms) for (const [id, length, count] of named(raw)) {
        scores.set(id, (scores.get(id) || 0) + raw.length / length / count);
        counts.set(id, (counts.get(id) || 0) + 1);
      }
      const passing = passes(filters);
      const ids = [...scores.keys()].filter((id) => counts.get(id) === terms.length && passing(id));
      return { ids, scores: Object.fromEntries(scores), most: terms.length };
    }

    // Tells what a search on a page may be narrowed to: [key, value, label].
    function scopeOf(here) {
      const [place, namespace, kind, name] = here.split("/");
      if (place === "catalog" && name) {
        const key = kind === "system" ? "system" : kind === "group" || kind === "user" ? "owner" : "in";
        return [key, name, name];
      }
      if (place !== "docs" || !name) return;
      const r = rangeEntity.findIndex((e, r) => here.startsWith((entities[0].ranges.base[r] || `docs/${e < 0 ? "" : urlOf(e)}`).replace(/\/$/, "") + "/"));
      return r < 0 ? undefined : ["in", rangeName(r), entities[0].ranges.title[r] || titleOf(rangeEntity[r])];
    }

    async function teasers(nr, shown, terms) {
      for (const id of shown.filter((id) => id >= manifest.entities).slice(0, 5)) {
        const [url] = row(id) || [];
        const text = url && await page(url).then(textOf, () => "");
        if (nr !== current) return;
        const teaser = text && cut(text, terms, words.indexed);
        if (teaser) post({ nr, url, teaser });
      }
    }

    return (message) => {
      if (message.texts) {
        const { terms, bonus } = parse(message.q + " ", language(message));
        const { indexed } = language(message);
        return post({ nr: message.nr, texts: message.texts.map((text) => marked(text, [...terms, ...bonus], indexed)) });
      }
      current = message.nr;
      if (message.q === undefined) return begin().then(readEntities).catch(() => {});
      return find(message);
    };
  }

  const start = (base, post) => {
    const get = (url, signal) => fetch(new URL(url, base), { signal, cache: /manifest/.test(url) ? "no-cache" : "default" })
      .then((response) => (response.ok ? response : Promise.reject()));
    return engine((name, signal) => get(`search/${name}`, signal).then((of) => of.json()), (url) => get(url).then((of) => of.text()), post);
  };
  if (typeof document === "object") globalThis.callboardSearch = start;
  else if (typeof WorkerGlobalScope === "function") {
    const receive = start(new URL("../", location), (answer) => postMessage(answer));
    onmessage = ({ data }) => receive(data);
    postMessage(0);
  } else module.exports = { tokens, stem, language, graft, decoded, near, parse, marked, engine };
})();
