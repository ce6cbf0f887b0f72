import { request } from "@/api/client";

export const LOG_LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogEntry {
  id: string | number;
  at: string;
  level: string;
  target: string;
  message: string;
  fields?: Record<string, unknown> | null;
}

export interface LogsRequest {
  level: LogLevel | "";
  search: string;
  limit: number;
  before?: string | number;
}

/** Newest first; `before` is the id of the oldest entry already held. */
export async function readLogs(ask: LogsRequest, signal?: AbortSignal): Promise<LogEntry[]> {
  const params = new URLSearchParams({ limit: String(ask.limit) });
  if (ask.level !== "") params.set("level", ask.level);
  if (ask.search !== "") params.set("search", ask.search);
  if (ask.before !== undefined) params.set("before", String(ask.before));
  const answer = await request<{ entries: LogEntry[] }>(`/logs?${params}`, signal ? { signal } : {});
  return answer.entries;
}
