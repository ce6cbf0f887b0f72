import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { pathOf, request, send } from "@/api/client";
import { parseExactly } from "@/records/exact-json";

export const EVENT_KINDS = ["INSERT", "UPDATE", "DELETE"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What is recorded of a table, and where it goes. */
export interface Publication {
  events: EventKind[];
  /** The columns that events show beside the primary key; nothing means all. */
  columns: string[] | null;
  condition: string | null;
  channel: string | null;
  webhookUrl: string | null;
  /** Whether its triggers are there: SQL by hand can drop or disable them. */
  recording: boolean;
  createdAt: string;
}

export interface NewPublication {
  events: EventKind[];
  columns?: string[];
  condition?: string;
  channel?: string;
  webhookUrl?: string;
}

export interface Change {
  id: number;
  event: string;
  old: Record<string, unknown> | null;
  new: Record<string, unknown> | null;
  truncated: boolean;
  actorRole: string | null;
  actorId: string | null;
  occurredAt: string;
}

const PAGE = 50;

export function publicationQuery(table: string) {
  return queryOptions({
    queryKey: ["table", table, "change-events"],
    queryFn: async ({ signal }) =>
      (await request<{ publication: Publication | null }>(pathOf("tables", table, "change-events"), { signal })).publication,
  });
}

/** What was recorded, newest first, a page at a time. */
export function changesQuery(table: string) {
  return infiniteQueryOptions({
    queryKey: ["changes", table],
    queryFn: async ({ signal, pageParam }): Promise<Change[]> => {
      const before = pageParam === undefined ? "" : `&before=${pageParam}`;
      const response = await send(`${pathOf("tables", table, "changes")}?limit=${PAGE}${before}`, { signal });
      return (parseExactly(await response.text()) as { changes: Change[] }).changes;
    },
    initialPageParam: undefined as number | undefined,
    // A page may be short because its records are long; only an empty one is the last.
    getNextPageParam: (last) => last.at(-1)?.id,
  });
}

export function publish(table: string, publication: NewPublication): Promise<Publication> {
  return request(pathOf("tables", table, "change-events"), { method: "PUT", json: publication });
}

export function withdraw(table: string): Promise<void> {
  return request(pathOf("tables", table, "change-events"), { method: "DELETE" });
}
