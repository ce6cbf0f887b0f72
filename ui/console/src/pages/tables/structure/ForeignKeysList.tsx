import { Link } from "@tanstack/react-router";
import type { ForeignKey } from "@/api/tables";

export function ForeignKeysList({ foreignKeys }: { foreignKeys: ForeignKey[] }) {
  if (foreignKeys.length === 0) return null;
  return (
    <section aria-labelledby="foreign-keys">
      <h2 id="foreign-keys" className="mb-2 text-base font-semibold">
        Points to
      </h2>
      <ul className="border-line bg-panel divide-line divide-y rounded-lg border">
        {foreignKeys.map((key, index) => (
          <li key={key.constraintName ?? index} className="flex min-h-11 flex-wrap items-center gap-x-3 px-4 py-1.5">
            <code className="font-mono">{key.referenceColumns.map(({ sourceColumn }) => sourceColumn).join(", ")}</code>
            <span aria-hidden className="text-faint">
              →
            </span>
            <Link to="/tables/$table" params={{ table: key.referenceTable }} className="text-accent font-mono underline-offset-2 hover:underline">
              {key.referenceTable}({key.referenceColumns.map(({ referenceColumn }) => referenceColumn).join(", ")})
            </Link>
            {key.onDelete && <span className="text-faint text-xs">on delete {key.onDelete.toLowerCase()}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
