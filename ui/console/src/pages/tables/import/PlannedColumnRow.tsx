import { COLUMN_TYPES, type ColumnType, type Table } from "@/api/tables";
import { Input } from "@/components/Input";
import { Select } from "@/components/Select";
import { knownType, type PlannedColumn } from "@/pages/tables/import/plan";

interface PlannedColumnRowProps {
  column: PlannedColumn;
  table: Table | undefined;
  onChange: (part: Partial<PlannedColumn>) => void;
}

const TYPES = COLUMN_TYPES.map((type) => ({ value: type, label: type }));

export function PlannedColumnRow({ column, table, onChange }: PlannedColumnRowProps) {
  return (
    <tr className="border-line border-b">
      <th scope="row" className="h-11 max-w-40 truncate pr-3 text-left font-medium" title={column.from}>
        {column.from}
      </th>
      <td className="text-muted max-w-56 truncate px-3 font-mono text-xs" title={column.sample.join("\n")}>
        {column.sample.filter((value) => value !== "").join(", ")}
      </td>
      <td className="w-52 px-3">
        {table ? (
          <Select
            aria-label={`Column for ${column.from}`}
            className="w-full"
            value={column.target}
            options={[
              { value: "", label: "leave out" },
              ...table.columns.map(({ columnName }) => ({ value: columnName, label: columnName })),
            ]}
            onChange={(event) => {
              const target = event.target.value;
              onChange({ target, type: knownType(table.columns.find(({ columnName }) => columnName === target)?.type) });
            }}
          />
        ) : (
          <Input
            aria-label={`Column for ${column.from}`}
            placeholder="left out"
            value={column.target}
            onChange={(event) => onChange({ target: event.target.value })}
            className="font-mono"
          />
        )}
      </td>
      <td className="w-32 pl-3">
        {table ? (
          <span className="text-muted">{column.target === "" ? "" : column.type}</span>
        ) : (
          <Select
            aria-label={`Type for ${column.from}`}
            className="w-full"
            options={TYPES}
            value={column.type}
            onChange={(event) => onChange({ type: event.target.value as ColumnType })}
          />
        )}
      </td>
    </tr>
  );
}
