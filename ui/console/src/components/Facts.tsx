import type { ReactNode } from "react";

/** Names and their values, one under the other. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="divide-line divide-y">
      {facts.map(([name, value]) => (
        <div key={name} className="grid min-h-9 grid-cols-[7rem_minmax(0,1fr)] items-center gap-3 py-1">
          <dt className="text-muted">{name}</dt>
          <dd className="tnum min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
