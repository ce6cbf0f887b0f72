import { formatCount } from "@/format/number";
import type { Plan, PlanNode } from "@/pages/sql/plan";

/** A plan as a tree; where the database measured, each step shows its share of the time. */
export function PlanView({ plan }: { plan: Plan }) {
  return (
    <div className="p-4 sm:px-6">
      <p className="text-muted mb-3">
        {plan.total === undefined
          ? "The steps in which SQLite would answer. SCAN reads a whole table, SEARCH finds rows by an index."
          : `Ran in ${formatTime(plan.total)}; what it would have changed is undone. The bar is a step's own share of the time.`}
      </p>
      <ol aria-label="Plan" className="border-line bg-panel divide-line divide-y rounded-lg border">
        {plan.nodes.flatMap((node) => flat(node, 0)).map(({ node, depth }, index) => (
          <Step key={index} node={node} depth={depth} total={plan.total} />
        ))}
      </ol>
    </div>
  );
}

function flat(node: PlanNode, depth: number): { node: PlanNode; depth: number }[] {
  return [{ node, depth }, ...node.children.flatMap((child) => flat(child, depth + 1))];
}

function Step({ node, depth, total }: { node: PlanNode; depth: number; total: number | undefined }) {
  const share = total && node.milliseconds !== undefined ? Math.min(1, node.milliseconds / total) : undefined;
  const slow = share !== undefined && share >= 0.5;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
      <div className="min-w-0 flex-1 basis-72" style={{ paddingLeft: `${depth * 1.25}rem` }}>
        <p className="font-medium">{node.title}</p>
        {node.details.length > 0 && <p className="text-muted font-mono text-xs wrap-anywhere">{node.details.join(" · ")}</p>}
      </div>
      {node.rows !== undefined && (
        <p className="tnum text-muted w-40 text-right text-xs">
          {formatCount(node.rows)} rows{node.planned !== undefined && `, ${formatCount(node.planned)} expected`}
        </p>
      )}
      {share !== undefined && node.milliseconds !== undefined && (
        <div className="flex w-44 items-center gap-2">
          <span aria-hidden className="bg-hover h-1.5 flex-1 overflow-hidden rounded-full">
            <span className={`block h-full rounded-full ${slow ? "bg-warn" : "bg-accent"}`} style={{ width: `${share * 100}%` }} />
          </span>
          <span className={`tnum w-16 text-right text-xs ${slow ? "text-warn font-medium" : "text-muted"}`}>{formatTime(node.milliseconds)}</span>
        </div>
      )}
    </li>
  );
}

function formatTime(milliseconds: number): string {
  return milliseconds >= 100 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(2)} ms`;
}
