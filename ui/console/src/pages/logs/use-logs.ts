import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type LogEntry, type LogLevel, readLogs } from "@/api/logs";

const PAGE = 200;
const LIVE_MILLISECONDS = 2_000;

/** Newest entries by polling while live, older ones on demand; one list without doubles, newest first. */
export function useLogs(level: LogLevel | "", search: string, live: boolean) {
  const [held, setHeld] = useState<LogEntry[]>([]);
  const [older, setOlder] = useState<{ busy: boolean; done: boolean; error?: unknown }>({ busy: false, done: false });
  const newest = useQuery({
    queryKey: ["logs", level, search],
    queryFn: ({ signal }) => readLogs({ level, search, limit: PAGE }, signal),
    refetchInterval: live ? LIVE_MILLISECONDS : false,
    placeholderData: keepPreviousData,
  });

  useEffect(() => {
    setHeld([]);
    setOlder({ busy: false, done: false });
  }, [level, search]);
  useEffect(() => {
    if (newest.data && !newest.isPlaceholderData) setHeld((before) => merge(newest.data, before));
  }, [newest.data, newest.isPlaceholderData]);

  const entries = useMemo(() => (held.length > 0 ? held : (newest.data ?? [])), [held, newest.data]);
  const loadOlder = async (): Promise<void> => {
    const last = entries.at(-1);
    if (!last || older.busy) return;
    setOlder({ busy: true, done: false });
    try {
      const page = await readLogs({ level, search, limit: PAGE, before: last.id });
      setHeld((before) => merge(before, page));
      setOlder({ busy: false, done: page.length < PAGE });
    } catch (error) {
      setOlder({ busy: false, done: false, error });
    }
  };
  const complete = older.done || (newest.data !== undefined && newest.data.length < PAGE && entries.length < PAGE);
  return { entries, newest, older: { ...older, done: complete }, loadOlder };
}

/** Joins two lists that are newest first, the first being the newer. */
export function merge(newer: LogEntry[], olderEntries: LogEntry[]): LogEntry[] {
  const known = new Set(newer.map((entry) => entry.id));
  return [...newer, ...olderEntries.filter((entry) => !known.has(entry.id))];
}
