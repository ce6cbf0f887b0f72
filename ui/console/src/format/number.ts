const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12345 → "12,345". */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** "1 row", "2 rows"; the plural may be given when it is not regular. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
