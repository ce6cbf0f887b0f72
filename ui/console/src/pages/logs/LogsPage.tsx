import { Pause, Play, ScrollText } from "lucide-react";
import { useState } from "react";
import { LOG_LEVELS, type LogLevel } from "@/api/logs";
import { messageOf } from "@/api/client";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Notice } from "@/components/Notice";
import { PageHeader } from "@/components/PageHeader";
import { SearchInput } from "@/components/SearchInput";
import { Select } from "@/components/Select";
import { SkeletonRows } from "@/components/SkeletonRows";
import { useShortcuts } from "@/keyboard/shortcuts";
import { LogRow } from "@/pages/logs/LogRow";
import { useLogs } from "@/pages/logs/use-logs";

const LEVELS = [
  { value: "", label: "All levels" },
  ...LOG_LEVELS.map((level) => ({ value: level, label: level === "error" ? "Only errors" : `${level} and worse` })),
];

export function LogsPage() {
  const [level, setLevel] = useState<LogLevel | "">("");
  const [search, setSearch] = useState("");
  const [live, setLive] = useState(true);
  const { entries, newest, older, loadOlder } = useLogs(level, search, live);
  useShortcuts({ p: () => setLive((was) => !was) });
  const filtered = level !== "" || search !== "";
  return (
    <>
      <PageHeader
        title="Logs"
        detail={
          <span className="flex items-center gap-1.5" role="status">
            {live && !newest.isError ? (
              <>
                <span aria-hidden className="bg-ok size-2 animate-pulse rounded-full" /> live
              </>
            ) : (
              <>
                <span aria-hidden className="bg-faint size-2 rounded-full" /> paused
              </>
            )}
          </span>
        }
        actions={
          <>
            <SearchInput label="Search messages" value={search} onChange={setSearch} className="w-52" />
            <Select
              aria-label="Level"
              options={LEVELS}
              value={level}
              onChange={(event) => setLevel(event.target.value as LogLevel | "")}
              className="w-36"
            />
            <Button onClick={() => setLive(!live)} title="p">
              {live ? <Pause aria-hidden /> : <Play aria-hidden />}
              {live ? "Pause" : "Resume"}
            </Button>
          </>
        }
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto" tabIndex={-1}>
        {newest.isPending ? (
          <SkeletonRows label="Loading the log" />
        ) : newest.isError && entries.length === 0 ? (
          <ErrorState title="The log could not be read" error={newest.error} onRetry={() => void newest.refetch()} />
        ) : entries.length === 0 ? (
          <EmptyState
            icon={ScrollText}
            title={filtered ? "Nothing in the log matches" : "The log is empty"}
            actions={
              filtered && (
                <Button
                  onClick={() => {
                    setLevel("");
                    setSearch("");
                  }}
                >
                  Show everything
                </Button>
              )
            }
          >
            {live && "New entries appear here by themselves."}
          </EmptyState>
        ) : (
          <>
            {newest.isError && <Notice tone="bad" className="m-3">{`The log stopped: ${messageOf(newest.error)}`}</Notice>}
            <ul aria-label="Log entries, newest first" className="font-mono text-xs">
              {entries.map((entry) => (
                <LogRow key={entry.id} entry={entry} />
              ))}
            </ul>
            <div className="flex flex-col items-center gap-2 p-4">
              {older.error !== undefined && <Notice tone="bad">{messageOf(older.error)}</Notice>}
              {older.done ? (
                <p className="text-faint text-xs">This is where the log begins.</p>
              ) : (
                <Button busy={older.busy} onClick={() => void loadOlder()}>
                  Older entries
                </Button>
              )}
            </div>
          </>
        )}
      </div>
    </>
  );
}
