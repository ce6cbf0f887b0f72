import { ChevronRight } from "lucide-react";
import { memo, useState } from "react";
import type { LogEntry } from "@/api/logs";
import { cx } from "@/components/cx";
import { formatClock, formatMoment } from "@/format/time";
import { LogFields } from "@/pages/logs/LogFields";

const LEVELS: Record<string, string> = {
  error: "text-bad",
  warn: "text-warn",
  info: "text-info",
  debug: "text-faint",
  trace: "text-faint",
};

export const LogRow = memo(function LogRow({ entry }: { entry: LogEntry }) {
  const [open, setOpen] = useState(false);
  const level = entry.level.toLowerCase();
  return (
    <li className={cx("border-line border-b [contain-intrinsic-size:auto_2rem] [content-visibility:auto]", level === "error" && "bg-bad-soft/40")}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="hover:bg-hover grid min-h-8 w-full grid-cols-[0.875rem_4.25rem_2.75rem_minmax(0,1fr)] items-baseline gap-x-3 px-3 py-1.5 text-left focus-visible:-outline-offset-2 sm:px-5 md:grid-cols-[0.875rem_4.25rem_2.75rem_11rem_minmax(0,1fr)]"
      >
        <ChevronRight aria-hidden className={cx("text-faint size-3.5 self-center transition-transform", open && "rotate-90")} />
        <time dateTime={entry.at} title={formatMoment(entry.at)} className="text-muted tnum">
          {formatClock(entry.at)}
        </time>
        <span className={cx("font-semibold", LEVELS[level] ?? "text-muted")}>{level}</span>
        <span className="text-muted truncate max-md:hidden">{entry.target}</span>
        <span className={open ? "wrap-anywhere" : "truncate"}>{entry.message}</span>
      </button>
      {open && <LogFields entry={entry} />}
    </li>
  );
});
