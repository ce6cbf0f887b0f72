import type { Change } from "@/api/change-events";

export interface Difference {
  column: string;
  old: unknown;
  new: unknown;
  changed: boolean;
}

/** A change column by column, those that differ first; a side that is not there is undefined. */
export function differencesOf({ old, new: now }: Pick<Change, "old" | "new">): Difference[] {
  const columns = [...new Set([...Object.keys(now ?? {}), ...Object.keys(old ?? {})])];
  const all = columns.map((column) => ({
    column,
    old: old?.[column],
    new: now?.[column],
    changed: old === null || now === null || JSON.stringify(old[column]) !== JSON.stringify(now[column]),
  }));
  return [...all.filter(({ changed }) => changed), ...all.filter(({ changed }) => !changed)];
}
