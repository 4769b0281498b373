// Reads judgements.toml: one query a line, as an inline table.

import { readFileSync } from "node:fs";

/** Returns [{ q, first }]. */
export function judgements() {
  const lines = readFileSync(new URL("judgements.toml", import.meta.url), "utf8").split("\n");
  return lines.flatMap((line) => {
    const table = /^ {2}(\{ q = .* \}),$/.exec(line);
    return table ? [JSON.parse(table[1].replace("{ q = ", '{ "q": ').replace(', first = [', ', "first": ['))] : [];
  });
}

/** Returns how many queries have an expected page first, and among the first three, and which have not. */
export async function judged(answer) {
  const all = judgements();
  let first = 0, three = 0;
  const missed = [];
  for (const { q, first: expected } of all) {
    const found = await answer(q);
    const place = found.findIndex((url) => expected.includes(url));
    if (place === 0) first++;
    else missed.push({ q, expected, found: found.slice(0, 3), place });
    if (place >= 0 && place < 3) three++;
  }
  return { n: all.length, first, three, missed };
}
