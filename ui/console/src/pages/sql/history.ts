/** A text that was run, and how it went. What it answered is not kept. */
export interface Ran {
  at: string;
  query: string;
  ok: boolean;
  rows?: number;
}

const MOST = 100;
/** Longer texts are scripts, which people keep in files. */
const LONGEST = 20_000;

/** The part of the browser's storage that is needed here. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const keyOf = (project: string): string => `busbar.sql-history.${project}`;

/** What was run on this installation from this browser, newest first. */
export function readHistory(project: string, shelf: Shelf): Ran[] {
  try {
    const kept: unknown = JSON.parse(shelf.getItem(keyOf(project)) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isRan).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Keeps what was run, once, at the top; answers the new history. */
export function remember(project: string, ran: Ran, shelf: Shelf): Ran[] {
  const before = readHistory(project, shelf);
  if (ran.query.length > LONGEST) return before;
  const history = [ran, ...before.filter(({ query }) => query !== ran.query)].slice(0, MOST);
  try {
    shelf.setItem(keyOf(project), JSON.stringify(history));
  } catch {
    // A full or forbidden storage costs the history, not the query.
  }
  return history;
}

export function forget(project: string, shelf: Shelf): void {
  shelf.removeItem(keyOf(project));
}

function isRan(value: unknown): value is Ran {
  if (typeof value !== "object" || value === null) return false;
  const { at, query, ok } = value as Record<string, unknown>;
  return typeof at === "string" && typeof query === "string" && typeof ok === "boolean";
}
