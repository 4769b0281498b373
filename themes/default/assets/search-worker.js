// The engine of search: reads the files that src/render/search writes and answers queries, in a worker or, where there
// is none, in the page. It knows no document: what it finds goes out as text. The guide's page on search has the form of
// the files; src/render/search/{query,rank,find}.rs do the same for the terminal.
// The names that nothing else knows are sent shorter (src/render/trim.rs).
//
// Own names: word term raw found best manifest piece mark most files also parts is scores ranked re isPrefix whole
// Own names: bonus html byName indexed df last hit tables entry counts row WORD lower known step ending covers asked
// Own names: hits post wanted heads read parsed UNSPACED digit token pieces failed make numbers shards first answer
// Own names: lost level chunk exact isCommon before low near boost start columns subject values passing table rank
// Own names: check fetched HUMPS list chars kept to unfolded high middle score marker cut begun current running
// Own names: waiting go need short opened error hashes isOpen goesOn shardsOf shard listed required idf response CJK
// Own names: bare fold take tokens language stem fits decoded number sorted keep KEYS query distinct rare pairs isHit
// Own names: hump textOf listOf engine load chunks owned owners arrays cell fieldsAt isEverywhere share field touched
// Own names: put tfs grouped chunkOf two distance quick isShort capped message source flags EDGES NAME PIECES CUTS
// Own names: above char steps markOf item end starts article headingsOf signs anchor page ref folder next kindNames
// Own names: kindsAt passes longer named longest doesCount weight count nCovering worth mend find shown receive
// Own names: promise
(() => {
  "use strict";

  // From text to words, step for step as src/render/search/tokens.rs has it.

  const CJK = "\\u3041-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const WORD = "\\p{Alphabetic}\\p{M}\\p{N}";
  const re = (source, flags = "gu") => new RegExp(source, flags);
  const UNSPACED = re(`[${CJK}]+`), EDGES = re(`^[^${WORD}]+|[^${WORD}]+$`), NAME = re(`^[${WORD}_.:/@#-]+$`, "u");
  // A name falls into runs, a run into words, and a word into humps.
  const HUMPS = /(?<=[\p{Lowercase}\p{N}])(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})(?!\p{Uppercase}s$)/u;
  const PIECES = re(`[${CJK}]+|[${WORD}]+|[^${WORD}]+`);
  const CUTS = [re(`[^${WORD}_-]+`), /[_-]/, HUMPS];

  const bare = (text, lost) => text.normalize("NFKD").replace(lost, "").normalize("NFC");
  const fold = (text) => bare(text, /[\u0300-\u036f'’]/g);
  const lower = (text) => fold(text).toLowerCase();

  // Returns { whole, parts } of a folded text. A part has no part of its own; isCut tells that something is no word.
  function names(text) {
    const whole = [], parts = [];
    let isCut;
    const push = (list, word) => {
      if ([...word].length > 48) isCut = true;
      else if (word) list.push(word.toLowerCase());
    };
    function take(text, level, above) {
      const word = text.replace(EDGES, ""), n = parts.length;
      if (level > 2) return push(parts, word);
      for (const piece of word.split(CUTS[level])) take(piece, level + 1, word);
      if (parts.length > n + 1 && word !== above && (level || NAME.test(word))) push(whole, word);
    }
    for (const chunk of text.replace(UNSPACED, " $& ").split(/\s+/)) {
      const chars = [...chunk];
      if (chunk.search(UNSPACED)) take(chunk, 0);
      else if (chars[1]) chars.slice(1).forEach((char, i) => push(parts, chars[i] + char));
      else push(parts, chunk);
    }
    return { whole, parts, isCut };
  }

  // Returns the words of a text; those that only its accents tell from others are `exact`.
  function tokens(text) {
    const all = ({ whole, parts }) => [...whole, ...parts];
    const found = names(fold(text)), known = all(found);
    found.exact = all(names(bare(text, /['’]/g))).filter((word) => !known.includes(word) && !/^\p{M}/u.test(word));
    return found;
  }

  // What the words of a portal are, by the manifest: its commonest words, and the steps of its stemmer. Of each step the
  // first rule that fits is the only one, and does something where what it keeps is of the right form.
  function language({ common = "", stems = [] }) {
    const words = new Set(common.split(" "));
    const steps = stems.map((step) => step.map(([ending, kept, to]) => [re(ending, "u"), re(kept, "u"), to]));
    function stem(word) {
      if (word[2]) for (const step of steps) for (const [ending, kept, to] of step) {
        const fits = ending.exec(word);
        if (!fits) continue;
        if (kept.test(fits[1])) word = word.replace(ending, to);
        break;
      }
      return word;
    }
    const isCommon = (word) => words.has(word);
    return { isCommon, stem, indexed: (word) => (isCommon(word) || !/^[a-z]+$/.test(word) ? word : stem(word)) };
  }

  // Returns the value of a character.
  function digit(text, at) {
    const c = text.charCodeAt(at);
    return c - 35 - (c > 92);
  }

  // Returns [df, ids, tfs] of one field's list, as the index stores it.
  function decoded(text, weights = "") {
    let at = 0, id = -1, df = 0;
    const number = () => {
      let n = 0, v;
      while ((v = digit(text, at++)) > 44) n = n * 45 + v - 45;
      return n * 45 + v;
    };
    if (text.includes("~")) { df = number(); at++; }
    const ids = [];
    while (at < text.length) ids.push((id += 1 + number()));
    return [df || ids.length, ids, ids.map((_, i) => 2 ** (-digit(weights, i) / 12) || 0)];
  }

  // Returns the words of a list in which each says how much it has of the one before.
  function unfolded(words) {
    let last = "";
    return words.map((word) => (last = last.slice(0, digit(word, 0)) + word.slice(1)));
  }

  // Returns the value of the two characters that mark a heading.
  const markOf = (text) => [...text].reduce((mark, c) => (c === " " ? mark : (mark * 31 + c.codePointAt()) % 8100), 0);

  // Returns how many words of a sorted list come before a word.
  function before(word, sorted) {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < word) low = middle + 1; else high = middle;
    }
    return low;
  }

  // Tells whether two words differ by one letter, or two that have changed places; with `open`, whether the second goes
  // on from there.
  function near(a, b, open) {
    let i = 0;
    // Most words are told apart by their first letters.
    if ((a[0] !== b[0] && a[0] !== b[1] && a[1] !== b[0] && a[1] !== b[1]) || (!open && Math.abs(a.length - b.length) > 1)) return false;
    while (i < a.length && a[i] === b[i]) i++;
    const is = (x, y) => (open ? b.startsWith(a.slice(i + x), i + y) : a.slice(i + x) === b.slice(i + y));
    return is(1, 1) || is(0, 1) || is(1, 0) || (a[i] === b[i + 1] && a[i + 1] === b[i] && is(2, 2));
  }

  // Puts something into a list of the best, [score, item] each, of which there may be so many.
  function keep(best, score, item, most) {
    let at = best.length;
    if (at === most && score <= best[at - 1][0]) return;
    while (at > 0 && best[at - 1][0] < score) at--;
    best.splice(at, 0, [score, item]);
    best.length = Math.min(best.length, most);
  }

  // From a query to words.

  const KEYS = "kind type owner system lifecycle tag in".split(" ");

  // Returns { filters, terms, bonus, asked, isCut }: filters as [key, value, whether it may go on], terms that a document
  // must have, and words that only add.
  function parse(query, { isCommon, indexed }) {
    const filters = [];
    const text = query.slice(0, 2000).replace(/(^|\s)(\w+):("[^"]*"|\S+)(?=(\s|$))/g, (all, _, key, value, end) => {
      key = key.toLowerCase();
      if (!KEYS.includes(key)) return all;
      filters.push([key, value.replace(/"/g, "").toLowerCase(), !end]);
      return " ";
    });
    const { whole, parts, exact, isCut } = tokens(text);
    const distinct = [...new Set(parts)];
    const term = (raw, boost, covers) => ({ raw, word: indexed(raw), also: [], boost, covers });
    const all = distinct.slice(-32).map((raw) => term(raw, 1, true));
    // Of a query of the commonest words alone, each counts.
    const rare = all.filter(({ raw }) => !isCommon(raw)), terms = rare[0] ? rare : all;
    for (const term of terms) term.isPrefix = term.raw === parts.at(-1) && !/\s$/.test(text);
    return {
      filters, terms,
      bonus: [...[...new Set([...whole, ...exact])].slice(0, 32).map((raw) => term(raw, 4)), ...all.filter((term) => !terms.includes(term))],
      asked: lower(text).trim().replace(/\s+/g, " "),
      isCut: isCut || distinct[32] || query[2000],
    };
  }

  // Returns a function that cuts a text into pieces: by turns plain ones and such as were asked for.
  function marker(terms, indexed) {
    const starts = terms.flatMap(({ raw, also }) => [raw, ...also].map((word) => word.slice(0, 2)));
    const pairs = terms.map(({ raw }) => (raw.search(UNSPACED) ? "" : raw)).join("");
    const cut = re(`([${pairs}]{${pairs[1] ? 2 : 1},})`, "u");
    const isHit = (piece) => {
      const token = lower(piece);
      if (!starts.some((start) => token.startsWith(start))) return;
      if (!token.search(UNSPACED) && piece[1]) return true;
      const word = indexed(token);
      return terms.some(({ raw, word: of, also, isPrefix }) => token === raw || word === of || also.includes(word) || (isPrefix && token.startsWith(raw)));
    };
    return (text) => {
      const pieces = [""];
      const push = (piece, hit) => {
        if ((pieces.length + !!hit) % 2) pieces[pieces.length - 1] += piece; else pieces.push(piece);
      };
      for (const piece of (text.match(PIECES) || []).flatMap((piece) => (piece.search(UNSPACED) ? piece : piece.split(cut)))) {
        if (isHit(piece)) push(piece, true);
        else for (const hump of piece.split(HUMPS)) push(hump, isHit(hump));
      }
      return pieces;
    };
  }

  // What a page says that we wrote: the HTML of its text, its headings as [anchor, text], and the text of some HTML.
  const article = (html) => `<${html.split(/<(?:article|main)(?=[ >])/).at(-1)}`.slice(0, 4e5).split(/<\/(?:article|main)>/)[0];
  const headingsOf = (html) => [...html.matchAll(/<h[2-6] [^>]*id="([^"]*)"[^>]*>(.*?)<a class="headerlink"/gs)].map(([, ...of]) => of.map(textOf));
  function textOf(html) {
    const signs = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
    return html.replace(/<h1[^>]*>.*?<\/h1>|<a class="headerlink".*?<\/a>|<\/?(span|code|a|em|strong|kbd|mark)\b[^>]*>/g, "")
      .replace(/<[^>]*>/g, " ").replace(/&(#?\w+);/g, (all, name) => signs[name] ?? all).replace(/\s+/g, " ");
  }
  const listOf = (headings) => (headings.map ? headings : []);
  // Returns those of some headings that have the most of what was asked for, in pieces.
  function hit(headings, mark) {
    const all = headings.map(([anchor, text]) => [anchor, mark(text)]), most = Math.max(2, ...all.map(([, of]) => of.length & ~1));
    return all.filter(([, of]) => of.length >= most).slice(0, 3);
  }

  // Cuts some 30 words out of a text, where most of the words asked for stand together.
  function cut(text, mark) {
    const hits = [];
    let at = 0, most = 0, best;
    mark(text).forEach((piece, i) => {
      if (i % 2) hits.push([at, lower(piece)]);
      at += piece.length;
    });
    hits.slice(0, 2000).forEach(([from], i) => {
      const n = new Set(hits.slice(i, i + 20).filter(([at]) => at < from + 130).map(([, word]) => word)).size;
      if (n > most) [most, best] = [n, Math.max(0, from - 45)];
    });
    if (!most) return;
    const teaser = text.slice(best, best + 190);
    return mark((best ? teaser.replace(/^\S*\s/, "…") : teaser).replace(/\s\S*$/, "…"));
  }

  // Makes an engine: a function that takes a message { nr, q, … } and posts what it finds, at first perhaps from names
  // alone (`isPending`). load(name, signal) reads a file of the search; page(url) a page of the site.
  function engine(load, page, post) {
    let manifest, words, begun, tables, chunks, current, failed, running = 0, wanted = new Set();
    let heads, names, titles, texts, kinds, ranges, owned, owners, columns, groups, arrays;
    const files = new Map(), waiting = [];
    const value = (name) => files.get(name)?.value;

    // Reads a file, four at a time.
    async function read(name, entry, make) {
      if (running < 4) running++; else await new Promise((go) => waiting.push(go));
      try {
        entry.value = make(await load(name, entry.control.signal));
      } catch {
        if (files.get(name) === entry) failed = files.delete(name);
      }
      if (waiting[0]) waiting.shift()(); else running--;
    }
    // Waits for files. The last 64 are kept; what was asked for earlier and is of no more use is forgotten at once, so that
    // the next query that wants it asks anew.
    async function need(names, make = (json) => json) {
      const all = [...new Set(names)].map((name) => {
        const entry = files.get(name) || { control: new AbortController() };
        wanted.add(name);
        files.delete(name);
        files.set(name, entry);
        return (entry.promise ||= read(name, entry, make));
      });
      for (const [name, { value, control }] of files) {
        if (wanted.has(name) || (value && files.size < 65)) continue;
        files.delete(name);
        control.abort();
      }
      await Promise.all(all);
    }

    // Subjects are the entities, and after them the ranges: what the documents belong to that are no entities.
    const short = (ref) => ref.split("/").at(-1);
    const subject = (id) => (id < manifest.entities ? id : owners[id - manifest.entities]);
    const cell = (e, key) => {
      const head = heads[Math.floor(e / manifest.entity.len)];
      return [head?.[key].at[e % manifest.entity.len] ?? []].flat().flatMap((i) => head[key].of[i] ?? []);
    };
    function values(s, key) {
      const r = s - manifest.entities, e = r < 0 ? s : owned[r];
      if (key === "kind") return [r < 0 ? kinds[e][0].toLowerCase() : r < ranges.apis ? "api" : "docs"];
      if (key === "in") return [e < 0 ? short(ranges.base[r]) : names[e]];
      return cell(e, key).map(short);
    }
    const opened = () => (begun ||= open().catch((error) => {
      begun = undefined;
      throw error;
    }));
    async function open() {
      manifest = await load("manifest.json");
      words = language(manifest);
      const hashes = (text, length) => text.match(re(`.{${length}}`)) || [];
      tables = [[manifest.terms, "t"], [manifest.more, "o"]].map(([{ from, hash }, folder]) => ({
        from: from.split(" "), names: hashes(hash, 8).map((hash) => `${folder}/${hash}.json`),
      }));
      chunks = hashes(manifest.docs.hash, 6).map((hash, i) => `d/${i}-${hash}.json`);
      const all = hashes(manifest.entity.hash, 8).map((hash, i) => `e/${i}-${hash}.json`);
      const whole = (key, of) => (key === "names" ? unfolded(of) : of.of ? { at: of.at, of: unfolded(of.of) } : of);
      await need(all, (head) => Object.fromEntries(Object.entries(head).map(([key, of]) => [key, whole(key, of)])));
      heads = all.map(value);
      names = heads.flatMap(({ names }) => names);
      titles = heads.flatMap(({ titles }) => titles);
      kinds = heads.flatMap(({ kinds }) => kinds.flatMap(([kind, icon, n]) => Array(n).fill([kind, icon])));
      texts = names.map((name, e) => lower(`${name} ${titles[e]}`.split(HUMPS).join(" ")));
      ranges = heads[0].ranges;
      let next = 0;
      owned = ranges.entity.map((step) => (step === null ? -1 : (next += step + 1) - 1));
      owners = ranges.n.flatMap((n, r) => Array(n).fill(manifest.entities + r));
      columns = KEYS.map((key) => {
        const numbers = new Map();
        const at = Array.from({ length: names.length + ranges.n.length }, (_, s) => values(s, key).map((value) => {
          if (!numbers.has(value)) numbers.set(value, numbers.size);
          return numbers.get(value);
        }));
        return [key, [...numbers.keys()], at];
      });
      const [, kindNames, kindsAt] = columns[0];
      groups = kindsAt.map(([kind]) => ({ docs: 2, api: 1, group: 3, user: 3 })[kindNames[kind]] || 0);
      // A query begins with zeros, and takes no memory of its own.
      arrays = [Float64Array, Float64Array, Float64Array, Uint8Array, Uint8Array, Uint8Array].map((of) => new of(manifest.n));
    }

    // Makes a function that tells whether a document passes the filters.
    function passes(filters) {
      const wanted = columns.flatMap(([key, all, at]) => {
        const of = filters.filter(([name]) => name === key).map(([, value, isOpen]) => [short(value), isOpen]);
        const is = of[0] && all.map((name) => of.some(([value, isOpen]) => (isOpen ? name.toLowerCase().startsWith(value) : name.toLowerCase() === value)));
        return is ? [(s) => at[s].some((i) => is[i])] : [];
      });
      const passing = wanted[0] && groups.map((_, s) => wanted.every((is) => is(s)));
      return passing ? (id) => passing[subject(id)] : () => true;
    }

    // Returns the files of a table that may hold words from one to another.
    const shards = ({ from, names }, first, last = first) => names.slice(Math.max(0, before(first + "\0", from) - 1), before(last + "\0", from));
    const goesOn = ({ raw, isPrefix }) => isPrefix && (raw[2] || /[^\0-\x7f]/.test(raw));
    const stems = ({ raw, isPrefix }) => [...raw].map((_, i) => raw.slice(0, -i)).filter((word, i) =>
      // While "deploymen" is typed, "deploy" (the stem of "deployment") is meant.
      isPrefix && word[3] && manifest.endings.split(" ").some((ending) => ending.startsWith(raw.slice(-i))));
    const shardsOf = (term, table) => [term.word, ...term.also, ...stems(term)].flatMap((word) => shards(table, word))
      .concat(goesOn(term) ? shards(table, term.raw, term.raw + "\uffff").slice(0, 3) : []);
    const shard = ({ terms, lists, weights }) => ({ terms: terms.split(" "), lists: lists.split(" "), weights: weights.split(" "), read: [] });
    function fieldsAt({ lists, weights, read }, i) {
      const of = (weights[i] || "").split("!");
      return (read[i] ||= (lists[i] || "").split("!").map((list, f) => decoded(list, of[f])));
    }
    // Returns what the files that are there have of a word: for each file, the list of each field.
    const listed = (word) => tables.flatMap((table) => shards(table, word)).flatMap((name) => {
      const of = value(name), i = of && before(word, of.terms);
      return of?.terms[i] === word ? [fieldsAt(of, i)] : [];
    });
    const has = (word) => listed(word)[0];
    // Tells whether more than half of all documents have a word, of which the best are listed: it is not required.
    const isEverywhere = ({ word }) => has(word)?.slice(0, 1).some(([df, ids]) => df > ids.length && 2 * df > manifest.n);
    // Returns the words that go on from the last of a query, the shortest first: [length, list of each field].
    function longer(term) {
      const found = [];
      if (goesOn(term)) for (const name of shards(tables[0], term.raw, term.raw + "\uffff").slice(0, 3)) {
        const of = value(name);
        for (let i = of ? before(term.raw, of.terms) : 0; of?.terms[i]?.startsWith(term.raw); i++) found.push([of.terms[i].length, of, i]);
      }
      return found.sort((a, b) => a[0] - b[0]).map(([length, of, i]) => [length, fieldsAt(of, i)]);
    }
    // Returns the entities of whose name a word begins so: [id, length of the word, number of words].
    function named(raw) {
      const word = re(`(?<![a-z0-9])${raw}[a-z0-9]*`, "u");
      return texts.flatMap((text, id) => {
        const found = word.exec(text);
        return found ? [[id, found[0].length, text.match(/[a-z0-9]+/g)?.length || 1]] : [];
      });
    }

    // Returns { ids, scores, isPartial }: the documents that have the most of the terms. For each word a document scores the sum
    // over the fields of boost · best of weight · tf · idf.
    function rank({ terms, bonus, filters }, byName) {
      const { n, entities, fields } = manifest;
      const [scores, best, share, counts, hits, last] = arrays.map((of) => of.fill(0));
      const required = terms.filter((term) => byName || !isEverywhere(term));
      [...terms, ...bonus].forEach((term, k) => {
        const exact = byName ? [] : listed(term.word), also = byName ? [] : term.also.map(listed), longest = byName ? [] : longer(term);
        // Of words that are everywhere alone, each counts.
        const doesCount = (required[0] ? required : terms).includes(term);
        fields.forEach(([field, boost], f) => {
          const touched = [];
          const put = (id, value) => {
            if (!best[id]) touched.push(id);
            if (value > best[id]) best[id] = value;
          };
          const add = (of, weight, covers) => {
            const idf = weight * (1 + Math.log(n / ((of[0]?.[f]?.[0] || 0) + 1)));
            for (const lists of of) {
              const [, ids, tfs] = lists[f] || [0, []];
              for (let i = 0; i < ids.length; i++) {
                put(ids[i], idf * tfs[i]);
                if (!covers) continue;
                share[ids[i]] += tfs[i] ** 2;
                hits[ids[i]]++;
              }
            }
          };
          add(exact, 1, field === "title" && term.covers);
          for (const of of also) add(of, 0.5);
          longest.filter(([, lists]) => lists[f]?.[0]).slice(0, 500).forEach(([length, lists]) => add([lists], (0.5 * term.raw.length) / length));
          if (field === "title" && (byName || (term.isPrefix && !goesOn(term)))) {
            const found = named(term.raw), idf = 0.5 * term.raw.length * (1 + Math.log(n / (found.length + 1)));
            for (const [id, length, count] of found) put(id, idf / length / Math.sqrt(count));
          }
          for (const id of touched) {
            scores[id] += boost * best[id] * term.boost;
            best[id] = 0;
            if (!doesCount || last[id] > k) continue;
            last[id] = k + 1;
            counts[id]++;
          }
        });
      });
      const passing = passes(filters), nCovering = terms.length + bonus.filter(({ covers }) => covers).length;
      let most = terms[0] ? 1 : 0, ids = [];
      for (let id = 0; id < (most ? n : entities); id++) {
        if (counts[id] < most || !passing(id)) continue;
        if (counts[id] > most) [most, ids] = [counts[id], []];
        ids.push(id);
        scores[id] *= 1 + 2 * ((Math.min(1, share[id]) * hits[id]) / nCovering) ** 2;
      }
      return { ids, scores, isPartial: most < required.length };
    }

    // Returns the best of each group, at most so many, and how many there are.
    function grouped({ ids, scores }, limit) {
      const found = "entity api doc people".split(" ").map((name) => ({ name, total: 0, best: [] }));
      for (const id of ids) {
        const group = found[groups[subject(id)]];
        group.total++;
        keep(group.best, scores[id], id, limit);
      }
      return found.filter(({ total }) => total).map(({ best, ...group }) => ({ ...group, ids: best.map(([, id]) => id) }));
    }

    // Returns the values that tell results apart: [key, value, count], of each key the most frequent.
    function facets(ids, filters) {
      const all = new Uint32Array(groups.length), hit = [];
      for (const id of ids) if (!all[subject(id)]++) hit.push(subject(id));
      return columns.flatMap(([key, values, at]) => {
        const counts = new Uint32Array(values.length), best = [];
        if (key !== "type" && !filters.some(([of]) => of === key)) for (const s of hit) {
          if (key !== "in" || s >= names.length) for (const i of at[s]) counts[i] += all[s];
        }
        counts.forEach((n, i) => n && n < ids.length && keep(best, n, [key, values[i], n], key === "kind" ? 4 : 2));
        return best.map(([, of]) => of);
      });
    }

    const chunkOf = (id) => chunks[Math.floor(id / manifest.docs.len)];
    // Returns what is shown of a document; of an entity, as long as its chunk is not there, what its name says.
    const row = (id) => value(chunkOf(id))?.[id % manifest.docs.len] || (kinds[id] &&
      [`catalog/${cell(id, "namespace")}/${kinds[id][0]}/${names[id]}/`.toLowerCase(), titles[id] || names[id], ...kinds[id], "", ""]);

    // Tells how much more a document is worth whose title or headings are what was asked for.
    function worth(id, asked) {
      const [, title, , , , , headings = ""] = row(id) || [, ""];
      const texts = listOf(headings).map(([, text]) => lower(text)), mark = markOf(asked);
      const is = headings.map ? texts.includes(asked) : headings.match(/../g)?.some((two) => digit(two, 0) * 90 + digit(two, 1) === mark);
      return (lower(title).startsWith(asked) ? 2 : 1) * (is ? 4 : texts.some((text) => text.startsWith(asked)) ? 1.5 : 1);
    }

    // Replaces words that nothing has by those that are nearest: first names and titles, then the words of texts.
    async function mend(terms) {
      const lost = terms.filter(({ raw, word, also }) => raw[3] && !has(word) && !also[0]), name = `w/${manifest.words}.json`;
      if (lost[0]) await need([name], ({ words }) => unfolded(words.split(" ")));
      return lost.filter((term) => {
        const known = value(name) || [], { raw, word, isPrefix } = term;
        let found = known.filter((of) => near(raw, of));
        if (!found[0] && isPrefix) found = known.filter((of) => near(raw, of, true));
        if (!found[0]) found = shards(tables[0], word).flatMap((name) => value(name)?.terms || []).filter((of) => near(word, of));
        // The first letter is seldom wrong.
        const distance = (of) => (of[0] !== raw[0]) * 99 + Math.abs(of.length - raw.length);
        found.sort((a, b) => distance(a) - distance(b));
        term.also = [...new Set(found.slice(0, 4).map(words.indexed))];
        return (term.mended = found[0]);
      });
    }

    async function find({ nr, q, limit }) {
      const check = () => { if (nr !== current) throw 0; };
      const fetched = async (names, make) => { await need(names, make); check(); };
      wanted = new Set();
      failed = false;
      await opened();
      check();
      limit ||= manifest.limit;
      const parsed = parse(q, words), { terms, bonus, filters } = parsed;
      const answer = (ranked, isPending) => {
        const { ids, scores, isPartial } = ranked;
        const mark = marker(terms, words.indexed);
        const found = grouped(ranked, Math.max(10, limit));
        for (const group of found) {
          // Of the best, the rows are known: a heading may be just what was asked for.
          if (!isPending) for (const id of group.ids) scores[id] *= worth(id, parsed.asked);
          group.ids.sort((a, b) => scores[b] - scores[a] || row(a)?.[0].length - row(b)?.[0].length || a - b);
          group.ids.length = Math.min(group.ids.length, found[1] ? limit : Math.max(10, limit));
          group.items = group.ids.filter(row).map((id) => {
            const [url, title, crumbs, icon, , teaser, headings = []] = row(id);
            return { url, icon, title: mark(title), crumbs: mark(crumbs), teaser: mark(teaser), headings: hit(listOf(headings), mark) };
          });
        }
        found.sort((a, b) => scores[b.ids[0]] - scores[a.ids[0]]);
        post({
          nr, q, isPending, filters, groups: found, total: ids.length, isPartial, isCut: parsed.isCut, missing: failed,
          mended: terms.filter(({ mended }) => mended).map(({ raw, mended }) => [raw, mended]), facets: facets(ids, filters),
        });
        return [found.flatMap(({ ids }) => ids), mark];
      };
      if (!terms[0] && !filters[0]) return answer({ ids: [] });
      const all = [...terms, ...bonus];
      const first = all.flatMap((term) => shardsOf(term, tables[0]));
      const byName = () => rank({ terms, bonus: [], filters }, true);
      if (!first.every(value)) {
        const quick = byName();
        if (!quick.isPartial) answer(quick, true);
      }
      await fetched(first, shard);
      for (const term of terms) term.also = has(term.word) ? [] : stems(term).filter(has).slice(0, 1);
      let ranked = rank(parsed);
      const isShort = (n) => ranked.isPartial || ranked.ids.length < n;
      if (isShort(3) && (await mend(terms))[0]) {
        await fetched(terms.flatMap((term) => shardsOf(term, tables[0])), shard);
        ranked = rank(parsed);
      }
      const capped = terms.filter((term) => !isEverywhere(term) && has(term.word)?.some(([df, ids]) => df > ids.length));
      if (capped[0] && all.length + filters.length > 1 && isShort(10)) {
        await fetched(capped.flatMap((term) => shardsOf(term, tables[1])), shard);
        ranked = rank(parsed);
      }
      if (failed && !ranked.ids[0]) ranked = byName();
      await fetched(grouped(ranked, Math.max(10, limit)).flatMap(({ name, ids }) => (name === "doc" ? ids : ids.slice(0, limit))).map(chunkOf));
      const [shown, mark] = answer(ranked);
      // A page that was open while the site was published anew may know files that are gone.
      if (failed) begun = undefined;
      if (!manifest.teasers) return;
      await new Promise((go) => setTimeout(go, 200));
      for (const id of shown.filter((id) => row(id)?.[4] === "doc").slice(0, 5)) {
        check();
        const [url, , , , , , known = ""] = row(id) || [], html = await page(url).then(article, () => ""), teaser = cut(textOf(html), mark);
        // In a large portal, only the page knows them.
        const headings = hit(known.map ? [] : headingsOf(html), mark);
        check();
        if (teaser || headings[0]) post({ nr, url, teaser, headings });
      }
    }

    return async (message) => {
      const { nr, q, texts } = message;
      try {
        if (texts) {
          await opened();
          const { terms, bonus } = parse(q + " ", words);
          return post({ nr, texts: texts.map(marker([...terms, ...bonus], words.indexed)) });
        }
        current = nr;
        await (q === undefined ? opened() : find(message));
      } catch (error) {
        if (error && nr === current) post({ nr, isLost: true });
      }
    };
  }

  const start = (base, post, files) => {
    const get = (url, signal) => fetch(new URL(url, base), { signal, cache: /manifest/.test(url) ? "no-cache" : "default" })
      .then((response) => (response.ok ? response : Promise.reject(response)));
    const read = (name, signal) => get(`search/${name}`, signal).then((of) => of.json());
    return engine(files ? async (name) => files[name] : read, async (url) => (files ? "" : (await get(url)).text()), post);
  };
  if (typeof document === "object") globalThis.callboardSearch = start;
  else if (typeof WorkerGlobalScope === "function") {
    const receive = start(new URL("../", location), (answer) => postMessage(answer));
    onmessage = ({ data }) => receive(data);
    postMessage(0);
  } else module.exports = { tokens, language, decoded, near, parse, marker, engine };
})();
