import { Link } from "@tanstack/react-router";
import { MoveRight, Unlink } from "lucide-react";
import type { ForeignKey } from "@/api/tables";
import { Badge } from "@/components/Badge";
import { IconButton } from "@/components/IconButton";

interface RelationRowProps {
  relation: ForeignKey;
  /** The other table, when the relation is one of its own. */
  from: string | undefined;
  onRemove?: () => void;
}

export function RelationRow({ relation, from, onRemove }: RelationRowProps) {
  const own = relation.referenceColumns.map(({ sourceColumn }) => sourceColumn).join(", ");
  const other = relation.referenceColumns.map(({ referenceColumn }) => referenceColumn).join(", ");
  return (
    <li className="flex min-h-11 items-center gap-3 py-1.5 pr-2 pl-4" title={relation.constraintName}>
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 font-mono">
        <span>
          {from !== undefined && (
            <>
              <TableLink name={from} tab="relations" />.
            </>
          )}
          {own}
        </span>
        <MoveRight aria-label="points to" className="text-faint size-4 shrink-0" />
        <span>
          {from === undefined && (
            <>
              <TableLink name={relation.referenceTable} tab="relations" />.
            </>
          )}
          {other}
        </span>
      </span>
      <span className="flex flex-wrap justify-end gap-1.5 max-sm:hidden">
        {said(relation.onDelete) && <Badge tone={/cascade/i.test(relation.onDelete ?? "") ? "warn" : "neutral"}>on delete {said(relation.onDelete)}</Badge>}
        {said(relation.onUpdate) && <Badge>on update {said(relation.onUpdate)}</Badge>}
      </span>
      {onRemove && (
        <IconButton label={`Remove the relation of ${own} to ${relation.referenceTable}`} onClick={onRemove} className="hover:text-bad">
          <Unlink />
        </IconButton>
      )}
    </li>
  );
}

/** An action worth a word; refusing is what everybody expects. */
function said(action: string | undefined): string {
  const word = action?.toLowerCase() ?? "";
  return word === "no action" ? "" : word;
}

function TableLink({ name, tab }: { name: string; tab: "relations" }) {
  // Tables of the system have no page.
  if (name.includes(".")) return <span>{name}</span>;
  return (
    <Link to="/tables/$table" params={{ table: name }} search={{ tab }} className="text-accent underline-offset-2 hover:underline">
      {name}
    </Link>
  );
}
