import type { Variable } from "@/api/variables";
import { Badge } from "@/components/Badge";
import { isSet } from "@/pages/variables/grouping";

export function VariableRow({ variable }: { variable: Variable }) {
  const set = isSet(variable);
  const value = variable.value ?? "";
  return (
    <li className="grid gap-x-6 gap-y-1 px-4 py-2.5 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2">
          <code className="font-mono font-medium wrap-anywhere">{variable.name}</code>
          {variable.secret && <Badge>secret</Badge>}
          {variable.turnsOn && <Badge tone="info">turns on {variable.turnsOn}</Badge>}
        </p>
        <p className="text-muted mt-0.5">{variable.help}</p>
        {variable.aliases && variable.aliases.length > 0 && (
          <p className="text-faint text-xs wrap-anywhere">
            Also <span className="font-mono text-2xs">{variable.aliases.join(", ")}</span>
          </p>
        )}
      </div>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          {value === "" ? <span className="text-faint">not set</span> : <code className="font-mono text-xs wrap-anywhere">{value}</code>}
          <Badge tone={set ? "accent" : "neutral"}>{variable.source}</Badge>
        </p>
        {set && variable.default && (
          <p className="text-faint text-xs">
            Default <span className="font-mono text-2xs wrap-anywhere">{variable.default}</span>
          </p>
        )}
      </div>
    </li>
  );
}
