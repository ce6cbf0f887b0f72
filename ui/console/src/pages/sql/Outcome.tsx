import { DatabaseZap } from "lucide-react";
import { ApiError } from "@/api/client";
import { placeOf, type SqlResult } from "@/api/sql";
import { EmptyState } from "@/components/EmptyState";
import { Keys } from "@/components/Keys";
import { Notice } from "@/components/Notice";
import { Problem } from "@/components/Problem";
import { SkeletonRows } from "@/components/SkeletonRows";
import { formatCount, plural } from "@/format/number";
import { COMMAND_KEY } from "@/keyboard/shortcuts";
import { PlanView } from "@/pages/sql/PlanView";
import { ResultGrid } from "@/pages/sql/ResultGrid";
import type { Outcome as Came } from "@/pages/sql/use-sql";

/** What came of a text: rows, a plan, a sentence, or what is wrong with it. */
export function Outcome({ outcome }: { outcome: Came }) {
  switch (outcome.kind) {
    case "none":
      return (
        <EmptyState icon={DatabaseZap} title="Ask the database">
          <Keys keys={`${COMMAND_KEY} Enter`} /> runs the text, or what is selected of it. It happens as a whole or not at all.
        </EmptyState>
      );
    case "running":
      return <SkeletonRows rows={6} label="Loading the answer" />;
    case "plan":
      return (
        <div className="thin-scroll min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Plan of the text">
          <PlanView plan={outcome.plan} />
        </div>
      );
    case "failed":
      return <Failed error={outcome.error} />;
    case "rows":
      return <Answered result={outcome.result} />;
  }
}

function Failed({ error }: { error: unknown }) {
  const place = placeOf(error);
  return (
    <div className="flex flex-col gap-2 p-4 sm:px-6">
      <Problem error={error} />
      <p className="text-muted tnum flex flex-wrap gap-x-3 gap-y-1 text-xs">
        {place && <span>{`Line ${place.line}, column ${place.column}`}</span>}
        {error instanceof ApiError && <code className="font-mono">{error.code}</code>}
        <span>Nothing was changed</span>
      </p>
    </div>
  );
}

function Answered({ result }: { result: SqlResult }) {
  const took = `${formatCount(result.milliseconds)} ms`;
  if (!result.fields || result.fields.length === 0) {
    return (
      <div className="p-4 sm:px-6">
        <Notice tone="ok">
          <span role="status">
            {result.rowCount === null ? "Done" : `${plural(result.rowCount, "row")} changed`} in {took}.
          </span>
        </Notice>
      </div>
    );
  }
  const all = result.rowCount ?? result.rows.length;
  return (
    <>
      <div className="min-h-0 flex-1">
        <ResultGrid result={result} />
      </div>
      <p role="status" className="border-line bg-panel text-muted tnum flex h-9 shrink-0 items-center border-t px-4 sm:px-6">
        {result.rows.length < all ? `The first ${formatCount(result.rows.length)} of ${plural(all, "row")}` : plural(all, "row")} in {took}
      </p>
    </>
  );
}
