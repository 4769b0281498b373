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
  function chunks(text) {
    return fold(text).replace(UNSPACED, " $& ").split(/\s+/).map((chunk) => {
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

  const toWord = (token) => (/^[a-z]+$/.test(token) ? (STOP.has(token) ? "" : stem(token)) : token);
  const words = (text) => chunks(text).flatMap(({ whole, parts }) => [...whole, ...parts].map(toWord)).filter(Boolean);
  if (typeof module === "object") { module.exports = { words, stem }; return; }
})();
