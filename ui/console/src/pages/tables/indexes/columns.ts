/** The columns in an index's SQL, in order: `CREATE INDEX i ON t USING btree ("a", b)` has `a` and `b`. */
export function columnsOf(definition: string): string[] {
  const columns: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (const character of definition) {
    if (character === '"') quoted = !quoted;
    const bare = quoted ? "" : character;
    if (bare === "(") depth += 1;
    if (bare === ")") depth -= 1;
    const ends = depth === 0 ? bare === ")" : depth === 1 && bare === ",";
    if (ends) columns.push(plain(part));
    if (ends && depth === 0) break;
    if (ends || (depth === 1 && bare === "(")) part = "";
    else if (depth > 0) part += character;
  }
  return columns;
}

function plain(name: string): string {
  return name.trim().replace(/^"(.*)"$/, (_, inner: string) => inner.replaceAll('""', '"'));
}
