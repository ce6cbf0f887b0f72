import type { LogEntry } from "@/api/logs";
import { cellText } from "@/records/cell";

/** Everything an entry says beside its message. */
export function LogFields({ entry }: { entry: LogEntry }) {
  const fields: [string, unknown][] = [["at", entry.at], ["target", entry.target], ...Object.entries(entry.fields ?? {})];
  return (
    <dl className="bg-sunken border-line grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-0.5 border-t px-3 py-2 sm:pr-5 sm:pl-12">
      {fields.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-faint">{name}</dt>
          <dd className="wrap-anywhere whitespace-pre-wrap">{cellText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
