import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { pathOf, request, send } from "@/api/client";
import { parseExactly } from "@/records/exact-json";
import { type Filter, filterParams, keyFilter, type Sort, sortParam } from "@/records/filter";

export type Row = Record<string, unknown>;

export interface RecordsPage {
  rows: Row[];
  total: number;
}

export interface RecordsRequest {
  filters: Filter[];
  sort?: Sort | undefined;
  /** The primary key's columns, which end the order. */
  keys: string[];
  limit: number;
  offset: number;
}

/** The total in a `Content-Range` header (`0-49/1234`), or the given count when the server did not say. */
export function totalOf(contentRange: string | null, fallback: number): number {
  const total = Number(contentRange?.split("/")[1]);
  return Number.isInteger(total) && total >= 0 ? total : fallback;
}

export function recordsQuery(table: string, ask: RecordsRequest) {
  return queryOptions({
    queryKey: ["records", table, ask],
    queryFn: async ({ signal }): Promise<RecordsPage> => {
      const params = filterParams(ask.filters);
      params.set("select", "*");
      const order = sortParam(ask.sort, ask.keys);
      if (order !== "") params.set("order", order);
      params.set("limit", String(ask.limit));
      params.set("offset", String(ask.offset));
      const response = await send(`${pathOf("records", table)}?${params}`, {
        headers: { prefer: "count=exact" },
        signal,
      });
      const rows = parseExactly(await response.text()) as Row[];
      return { rows, total: totalOf(response.headers.get("content-range"), ask.offset + rows.length) };
    },
    placeholderData: keepPreviousData,
  });
}

export function insertRow(table: string, row: Row): Promise<void> {
  return request(pathOf("records", table), { method: "POST", json: row, headers: { prefer: "return=minimal" } });
}

/** Changes one row and answers it as stored; nothing when it no longer exists. */
export async function updateRow(table: string, keys: string[], row: Row, change: Row): Promise<Row | undefined> {
  const response = await send(`${pathOf("records", table)}?${keyFilter(keys, [row])}`, {
    method: "PATCH",
    json: change,
    headers: { prefer: "return=representation" },
  });
  return (parseExactly(await response.text()) as Row[])[0];
}

export async function deleteRows(table: string, keys: string[], rows: Row[]): Promise<void> {
  // A URL has a length limit on many proxies, so keys travel in groups.
  for (let start = 0; start < rows.length; start += 50) {
    await request(`${pathOf("records", table)}?${keyFilter(keys, rows.slice(start, start + 50))}`, { method: "DELETE" });
  }
}

/** Inserts one chunk of an import; the whole chunk is stored or none of it. */
export function insertChunk(table: string, chunk: { type: "text/csv" | "application/json"; body: string }): Promise<void> {
  return request(pathOf("records", table), {
    method: "POST",
    body: chunk.body,
    headers: { "content-type": chunk.type, prefer: "return=minimal" },
  });
}
