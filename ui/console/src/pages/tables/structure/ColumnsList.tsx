import { KeyRound, Pencil, Trash2 } from "lucide-react";
import type { Column } from "@/api/tables";
import { Badge } from "@/components/Badge";
import { IconButton } from "@/components/IconButton";

interface ColumnsListProps {
  columns: Column[];
  onRename: (column: Column) => void;
  onDrop: (column: Column) => void;
}

export function ColumnsList({ columns, onRename, onDrop }: ColumnsListProps) {
  return (
    <ul className="border-line bg-panel divide-line divide-y rounded-lg border">
      {columns.map((column) => (
        <li key={column.columnName} className="flex min-h-11 items-center gap-3 py-1 pr-2 pl-4">
          <span className="flex w-56 min-w-0 shrink items-center gap-2">
            <code className="truncate font-mono">{column.columnName}</code>
            {column.isPrimaryKey && <KeyRound aria-label="Primary key" className="text-accent size-3.5 shrink-0" />}
          </span>
          <span className="text-muted w-24 shrink-0">{column.type}</span>
          <span className="hidden flex-1 flex-wrap items-center gap-1.5 sm:flex">
            {!column.isNullable && <Badge>required</Badge>}
            {column.isUnique && !column.isPrimaryKey && <Badge>unique</Badge>}
            {column.defaultValue && (
              <span className="text-faint truncate text-xs">
                default <code className="font-mono">{column.defaultValue}</code>
              </span>
            )}
          </span>
          <span className="ml-auto flex shrink-0">
            <IconButton label={`Rename ${column.columnName}`} disabled={column.isPrimaryKey} onClick={() => onRename(column)}>
              <Pencil />
            </IconButton>
            <IconButton
              label={`Drop ${column.columnName}`}
              disabled={column.isPrimaryKey}
              onClick={() => onDrop(column)}
              className="hover:text-bad"
            >
              <Trash2 />
            </IconButton>
          </span>
        </li>
      ))}
    </ul>
  );
}
