import { ChevronRight } from "lucide-react";
import { memo, useState } from "react";
import type { Change } from "@/api/change-events";
import { Badge, type BadgeTone } from "@/components/Badge";
import { cx } from "@/components/cx";
import { Moment } from "@/components/Moment";
import { differencesOf } from "@/pages/tables/events/difference";
import { cellText } from "@/records/cell";

const TONES: Record<string, BadgeTone> = { INSERT: "ok", UPDATE: "info", DELETE: "bad", TRUNCATE: "bad" };

/** One change: which row, what of it and by whom; unfolded, column by column. */
export const ChangeRow = memo(function ChangeRow({ change, keys }: { change: Change; keys: string[] }) {
  const [open, setOpen] = useState(false);
  const row = change.new ?? change.old ?? {};
  const differences = differencesOf(change);
  const about =
    change.event === "UPDATE"
      ? differences.filter(({ changed }) => changed).map(({ column }) => column).join(", ")
      : keys.map((key) => cellText(row[key])).join(", ");
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="hover:bg-hover flex min-h-11 w-full items-center gap-3 px-3 py-1.5 text-left focus-visible:-outline-offset-2"
      >
        <ChevronRight aria-hidden className={cx("text-faint size-4 shrink-0 transition-transform", open && "rotate-90")} />
        <span className="w-16 shrink-0">
          <Badge tone={TONES[change.event] ?? "neutral"}>{change.event.toLowerCase()}</Badge>
        </span>
        <code className="min-w-0 flex-1 truncate font-mono text-xs">{about}</code>
        <span className="text-muted truncate max-sm:hidden">{change.actorRole ?? "Busbar"}</span>
        <span className="text-muted tnum w-24 shrink-0 text-right">
          <Moment at={change.occurredAt} />
        </span>
      </button>
      {open && (
        <div className="thin-scroll overflow-x-auto px-4 pb-4 sm:pl-11" tabIndex={0} role="region" aria-label={`Columns of change ${change.id}`}>
          <table className="w-full min-w-[30rem] border-collapse font-mono text-xs">
            <thead>
              <tr className="text-muted border-line border-b text-left font-sans">
                <th scope="col" className="h-8 pr-4 font-medium">
                  Column
                </th>
                {change.old && (
                  <th scope="col" className="pr-4 font-medium">
                    Before
                  </th>
                )}
                {change.new && (
                  <th scope="col" className="font-medium">
                    After
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {differences.map(({ column, old, new: now, changed }) => (
                <tr key={column} className={cx("border-line border-b align-top last:border-0", !changed && "text-faint")}>
                  <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                    {column}
                  </th>
                  {change.old && <Value value={old} struck={changed && change.new !== null} />}
                  {change.new && <Value value={now} struck={false} />}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="text-muted mt-2">
            {change.truncated && "The record is longer than 256 KB: only its primary key is shown. "}
            Number {change.id}, {change.actorRole ? `by ${change.actorRole}` : "by Busbar itself"}
            {change.actorId && (
              <>
                {" "}
                <code className="font-mono text-xs">{change.actorId}</code>
              </>
            )}
          </p>
        </div>
      )}
    </li>
  );
});

function Value({ value, struck }: { value: unknown; struck: boolean }) {
  if (value === null || value === undefined) return <td className="text-faint py-1.5 pr-4 italic">null</td>;
  return <td className={cx("max-w-80 py-1.5 pr-4 wrap-anywhere", struck && "text-bad")}>{cellText(value)}</td>;
}
