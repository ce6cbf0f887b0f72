import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Migration } from "@/api/migrations";
import { CodeBlock } from "@/components/CodeBlock";
import { cx } from "@/components/cx";
import { Moment } from "@/components/Moment";
import { plural } from "@/format/number";

export function MigrationsList({ migrations }: { migrations: Migration[] }) {
  return (
    <ul aria-label="Applied migrations, newest first" className="divide-line border-line divide-y border-b">
      {migrations.map((migration) => (
        <MigrationRow key={migration.version} migration={migration} />
      ))}
    </ul>
  );
}

function MigrationRow({ migration }: { migration: Migration }) {
  const [open, setOpen] = useState(false);
  const panel = `migration-${migration.version}`;
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
        className="hover:bg-hover flex min-h-11 w-full items-center gap-3 px-4 py-1.5 text-left focus-visible:-outline-offset-2 sm:px-6"
      >
        <ChevronRight aria-hidden className={cx("text-faint size-4 shrink-0 transition-transform", open && "rotate-90")} />
        <code className="text-muted tnum w-36 shrink-0 truncate font-mono text-xs">{migration.version}</code>
        <span className="min-w-0 flex-1 truncate font-medium">{migration.name}</span>
        <span className="text-muted tnum max-sm:hidden">{plural(migration.statements.length, "statement")}</span>
        <span className="text-muted tnum w-28 text-right">
          <Moment at={migration.appliedAt} />
        </span>
      </button>
      {open && (
        <div id={panel} className="px-4 pb-4 sm:px-6 sm:pl-13">
          <CodeBlock code={migration.statements.map((statement) => `${statement};`).join("\n\n")} label={`Statements of ${migration.name}`} />
        </div>
      )}
    </li>
  );
}
