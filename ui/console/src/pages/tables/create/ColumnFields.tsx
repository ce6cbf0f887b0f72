import { X } from "lucide-react";
import { COLUMN_TYPES, type ColumnType } from "@/api/tables";
import { Checkbox } from "@/components/Checkbox";
import { IconButton } from "@/components/IconButton";
import { Input } from "@/components/Input";
import { Select } from "@/components/Select";
import type { ColumnDraft } from "@/pages/tables/create/draft";

interface ColumnFieldsProps {
  column: ColumnDraft;
  number: number;
  problem: string | undefined;
  onChange: (column: ColumnDraft) => void;
  onRemove?: () => void;
}

const TYPES = COLUMN_TYPES.map((type) => ({ value: type, label: type }));

/** One column of a table that does not exist yet. */
export function ColumnFields({ column, number, problem, onChange, onRemove }: ColumnFieldsProps) {
  const label = (what: string): string => `${what} of column ${number}`;
  const problemId = `column-${column.key}-problem`;
  return (
    <li className="border-line grid grid-cols-[minmax(0,1fr)_7rem_2rem] items-center gap-2 border-b py-2 sm:grid-cols-[minmax(0,1fr)_7rem_minmax(0,8rem)_5.5rem_5rem_2rem]">
      <Input
        aria-label={label("Name")}
        placeholder="column name"
        value={column.name}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? problemId : undefined}
        onChange={(event) => onChange({ ...column, name: event.target.value })}
        className="font-mono"
      />
      <Select
        aria-label={label("Type")}
        options={TYPES}
        value={column.type}
        onChange={(event) => onChange({ ...column, type: event.target.value as ColumnType })}
      />
      <Input
        aria-label={label("Default")}
        placeholder="no default"
        value={column.defaultValue}
        onChange={(event) => onChange({ ...column, defaultValue: event.target.value })}
        className="font-mono max-sm:order-4"
      />
      <span className="flex items-center gap-2 max-sm:order-5">
        <Checkbox
          aria-label={label("Required value")}
          checked={column.required}
          onCheckedChange={(checked) => onChange({ ...column, required: checked === true })}
        />
        <span aria-hidden>Required</span>
      </span>
      <span className="flex items-center gap-2 max-sm:order-6 max-sm:hidden">
        <Checkbox
          aria-label={label("Unique value")}
          checked={column.unique}
          onCheckedChange={(checked) => onChange({ ...column, unique: checked === true })}
        />
        <span aria-hidden>Unique</span>
      </span>
      {onRemove ? (
        <IconButton label={`Remove column ${number}`} onClick={onRemove}>
          <X />
        </IconButton>
      ) : (
        <span />
      )}
      {problem && (
        <p id={problemId} className="text-bad order-last col-span-full text-xs">
          {problem}
        </p>
      )}
    </li>
  );
}
