import type { Need } from "@/api/overview";
import { Badge } from "@/components/Badge";
import { StateDot } from "@/components/StateDot";

const STATES = { up: "up", down: "not reachable", off: "off" } as const;

export function NeedRow({ need }: { need: Need }) {
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2.5 sm:grid-cols-[9.5rem_minmax(0,1fr)_auto]">
      <div className="flex min-w-0 items-center gap-2 self-start">
        <StateDot state={need.state} />
        <span className="font-medium first-letter:uppercase">{need.need}</span>
        <span className="sr-only">{STATES[need.state]}</span>
      </div>
      <div className="min-w-0">
        <p className={need.state === "down" ? "text-bad wrap-anywhere" : "wrap-anywhere"}>
          {need.provider}
          {need.detail && <span className={need.state === "down" ? "" : "text-muted"}> · {need.detail}</span>}
        </p>
        {need.variables.length > 0 && (
          <p className="text-faint mt-0.5 text-xs wrap-anywhere">
            {need.embedded || need.state === "off" ? "Replaced by " : "Set by "}
            {need.variables.map((name, index) => (
              <span key={name}>
                {index > 0 && ", "}
                <code className="font-mono text-2xs">{name}</code>
              </span>
            ))}
          </p>
        )}
      </div>
      <div className="max-sm:hidden">
        {need.state === "down" ? (
          <Badge tone="bad">not reachable</Badge>
        ) : need.state === "off" ? (
          <Badge>off</Badge>
        ) : need.embedded ? (
          <Badge tone="accent">embedded</Badge>
        ) : (
          <Badge tone="ok">connected</Badge>
        )}
      </div>
    </li>
  );
}
