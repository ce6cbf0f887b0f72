import type { Rehearsal } from "@/api/migrations";
import { Badge, type BadgeTone } from "@/components/Badge";
import { Notice } from "@/components/Notice";
import { plural } from "@/format/number";

const TONES: Record<string, BadgeTone> = { safe: "ok", warning: "warn", danger: "bad" };

/** What a dry run found: why it would fail, or what it could lose. */
export function RehearsalReport({ rehearsal }: { rehearsal: Rehearsal }) {
  const { error, line, column, risks, statements } = rehearsal;
  if (error !== null) {
    return (
      <Notice tone="bad">
        {error}
        {line !== null && column !== null && (
          <span className="tnum mt-0.5 block text-xs">
            Line {line}, column {column}. Nothing was changed.
          </span>
        )}
      </Notice>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <Notice tone={risks.length === 0 ? "ok" : "warn"}>
        <span role="status">
          The dry run passed: {plural(statements.length, "statement")}, {risks.length === 0 ? "and nothing that could be lost." : "and something to look at twice."}
        </span>
      </Notice>
      {risks.length > 0 && (
        <ul aria-label="Risks" className="border-line divide-line divide-y rounded-md border">
          {risks.map((risk, index) => (
            <li key={index} className="flex flex-col gap-1 px-3 py-2">
              <span className="flex items-center gap-2">
                <Badge tone={TONES[risk.level] ?? "neutral"}>{risk.level}</Badge>
                {risk.description}
              </span>
              <code className="text-muted line-clamp-2 font-mono text-xs wrap-anywhere">{risk.statement}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
