import { KeyRound } from "lucide-react";
import type { Column } from "@/api/tables";
import { Field, type FieldControl } from "@/components/Field";
import { Input } from "@/components/Input";
import { Select } from "@/components/Select";
import { TextArea } from "@/components/TextArea";
import { type Draft, hasDefault } from "@/pages/tables/row-drafts";

interface RowFieldProps {
  column: Column;
  draft: Draft;
  problem: string | undefined;
  autoFocus: boolean;
  readOnly: boolean;
  isNew: boolean;
  onChange: (draft: Draft) => void;
}

const BOOLEANS = ["", "true", "false"].map((value) => ({ value, label: value === "" ? "—" : value }));

export function RowField({ column, draft, problem, autoFocus, readOnly, isNew, onChange }: RowFieldProps) {
  const placeholder = draft === null ? "NULL" : isNew && hasDefault(column) ? (column.defaultValue ?? "filled in by the table") : "";
  const fallback = isNew ? undefined : null;
  const common = { autoFocus, placeholder, readOnly, className: "font-mono" };
  const render = (control: FieldControl) => {
    if (column.type === "boolean") {
      return (
        <Select
          {...control}
          autoFocus={autoFocus}
          options={BOOLEANS}
          disabled={readOnly}
          value={draft ?? ""}
          onChange={(event) => onChange(event.target.value === "" ? fallback : event.target.value)}
        />
      );
    }
    if (column.type === "json" || column.type === "string") {
      const lines = Math.min(14, Math.max(column.type === "json" ? 4 : 1, (draft ?? "").split("\n").length, Math.ceil((draft ?? "").length / 50)));
      return <TextArea {...control} {...common} rows={lines} value={draft ?? ""} onChange={(event) => onChange(event.target.value)} />;
    }
    return <Input {...control} {...common} value={draft ?? ""} onChange={(event) => onChange(event.target.value === "" ? fallback : event.target.value)} />;
  };
  return (
    <Field
      label={
        <span className="flex items-center gap-1.5">
          {column.isPrimaryKey && <KeyRound aria-label="Primary key" className="text-accent size-3" />}
          {column.columnName}
          <span className="text-faint text-2xs font-normal">
            {column.type}
            {!column.isNullable && ", required"}
          </span>
        </span>
      }
      error={problem}
      aside={
        column.isNullable &&
        !readOnly &&
        typeof draft === "string" && (
          <button type="button" onClick={() => onChange(null)} className="text-muted hover:text-ink hover:bg-hover rounded px-1.5 text-xs">
            Set NULL
          </button>
        )
      }
    >
      {render}
    </Field>
  );
}
