/** The operators the console offers, each one PostgREST expression. */
export const OPERATORS = {
  eq: { label: "is", sign: "=", needsValue: true },
  neq: { label: "is not", sign: "≠", needsValue: true },
  gt: { label: "greater than", sign: ">", needsValue: true },
  gte: { label: "at least", sign: "≥", needsValue: true },
  lt: { label: "less than", sign: "<", needsValue: true },
  lte: { label: "at most", sign: "≤", needsValue: true },
  contains: { label: "contains", sign: "contains", needsValue: true },
  starts: { label: "starts with", sign: "starts with", needsValue: true },
  in: { label: "is one of", sign: "in", needsValue: true },
  null: { label: "is empty", sign: "is empty", needsValue: false },
  notnull: { label: "is not empty", sign: "is not empty", needsValue: false },
} as const;

export type Operator = keyof typeof OPERATORS;

export interface Filter {
  column: string;
  operator: Operator;
  value: string;
}

export interface Sort {
  column: string;
  descending: boolean;
}

const TEXT_ONLY: readonly Operator[] = ["contains", "starts"];
const ORDERED: readonly Operator[] = ["gt", "gte", "lt", "lte"];

/** The operators that make sense for a column of this type, the likeliest first. */
export function operatorsFor(type: string): Operator[] {
  const all = Object.keys(OPERATORS) as Operator[];
  if (type === "string") return ["contains", ...all.filter((operator) => operator !== "contains")];
  if (type === "boolean") return ["eq", "null", "notnull"];
  if (type === "json") return ["null", "notnull"];
  return all.filter((operator) => !TEXT_ONLY.includes(operator) && (type !== "uuid" || !ORDERED.includes(operator)));
}

// These words mean something else as a parameter's name, so such a column is filtered inside `and=(…)`.
const RESERVED = /(^|\.)(select|columns|on_conflict|order|limit|offset|and|or)$/;
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_ $]*$/;

/** A column's name as PostgREST reads it: quoted when it holds a reserved character. */
export function quoteName(name: string): string {
  return PLAIN_NAME.test(name) ? name : `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** A value inside a list or a logic group, quoted when it holds a reserved character. */
export function quoteValue(value: string): string {
  if (value !== "" && /^[A-Za-z0-9_@+-]+$/.test(value) && value.toLowerCase() !== "null") return value;
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** What the user typed after "contains", with the pattern's own wildcards taken literally. */
function literalPattern(value: string): string {
  return value.replace(/[\\%_]/g, "\\$&");
}

function expression(filter: Filter, nested: boolean): string {
  const value = filter.value;
  const quoted = (text: string): string => (nested ? quoteValue(text) : text);
  switch (filter.operator) {
    case "contains":
      return `ilike.${quoted(`*${literalPattern(value)}*`)}`;
    case "starts":
      return `ilike.${quoted(`${literalPattern(value)}*`)}`;
    case "in":
      return `in.(${splitList(value).map(quoteValue).join(",")})`;
    case "null":
      return "is.null";
    case "notnull":
      return "not.is.null";
    default:
      return `${filter.operator}.${quoted(value)}`;
  }
}

/** Splits "a, b,c" into its items; empty items are dropped. */
export function splitList(value: string): string[] {
  return value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** The query parameters of some filters; two filters on one column become two parameters, both of which must hold. */
export function filterParams(filters: Filter[]): URLSearchParams {
  const params = new URLSearchParams();
  const grouped: string[] = [];
  for (const filter of filters) {
    if (RESERVED.test(filter.column)) grouped.push(`${quoteName(filter.column)}.${expression(filter, true)}`);
    else params.append(quoteName(filter.column), expression(filter, false));
  }
  if (grouped.length > 0) params.append("and", `(${grouped.join(",")})`);
  return params;
}

/** The order of a page of rows; the key ends it, because rows that are equal could otherwise stand on two pages or on none. */
export function sortParam(sort: Sort | undefined, keys: string[]): string {
  const ties = keys.filter((key) => key !== sort?.column).map((key) => `${quoteName(key)}.asc`);
  if (!sort) return ties.join(",");
  return [`${quoteName(sort.column)}.${sort.descending ? "desc.nullslast" : "asc.nullslast"}`, ...ties].join(",");
}

/** The parameters that name exactly these rows by their key columns. */
export function keyFilter(keys: string[], rows: Record<string, unknown>[]): URLSearchParams {
  const [key] = keys;
  if (key === undefined || rows.length === 0) throw new Error("a row without a primary key cannot be named");
  const params = new URLSearchParams();
  if (keys.length === 1 && !RESERVED.test(key)) {
    const values = rows.map((row) => text(row[key]));
    if (values.length === 1) params.set(quoteName(key), `eq.${values[0] ?? ""}`);
    else params.set(quoteName(key), `in.(${values.map(quoteValue).join(",")})`);
    return params;
  }
  const named = rows.map((row) => `and(${keys.map((name) => `${quoteName(name)}.eq.${quoteValue(text(row[name]))}`).join(",")})`);
  params.set("or", `(${named.join(",")})`);
  return params;
}

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
