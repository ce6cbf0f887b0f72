import { queryOptions } from "@tanstack/react-query";
import { API_ROOT, pathOf, request } from "@/api/client";

export interface Backup {
  id: string;
  name: string;
  status: "running" | "completed" | "failed";
  sizeBytes: number | null;
  /** Why it failed. */
  problem: string | null;
  createdBy: string;
  createdAt: string;
  completedAt: string | null;
}

const WATCHED_MILLISECONDS = 1_000;

/** Newest first; while one is being made they are read again and again. */
export const backupsQuery = queryOptions({
  queryKey: ["backups"],
  queryFn: async ({ signal }) => (await request<{ backups: Backup[] }>("/backups", { signal })).backups,
  refetchInterval: (query) => (query.state.data?.some(({ status }) => status === "running") ? WATCHED_MILLISECONDS : false),
});

export function createBackup(name: string): Promise<Backup> {
  return request("/backups", { method: "POST", json: name === "" ? {} : { name } });
}

export function restoreBackup(id: string): Promise<void> {
  return request(pathOf("backups", id, "restore"), { method: "POST" });
}

export function deleteBackup(id: string): Promise<void> {
  return request(pathOf("backups", id), { method: "DELETE" });
}

/** Where the browser fetches a backup's file. */
export function backupFile(id: string): string {
  return API_ROOT + pathOf("backups", id, "file");
}
