import { keysOf, type Table } from "@/api/tables";
import { CheckField } from "@/components/CheckField";
import { Field } from "@/components/Field";
import { TextArea } from "@/components/TextArea";
import type { Draft } from "@/pages/tables/events/draft";

interface ScopeProps {
  table: Table;
  draft: Draft;
  problem: string | undefined;
  onChange: (part: Partial<Draft>) => void;
}

/** Which rows events are about, and which of their columns they show. */
export function Scope({ table, draft, problem, onChange }: ScopeProps) {
  const keys = keysOf(table);
  const others = table.columns.filter(({ columnName }) => !keys.includes(columnName));
  const chosen = draft.columns;
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-2 font-semibold">What they show</legend>
      <CheckField
        label="All columns"
        hint={chosen ? undefined : "Also those that are added later."}
        checked={chosen === null}
        onChange={(all) => onChange({ columns: all ? null : others.map(({ columnName }) => columnName) })}
      />
      {chosen && (
        <div role="group" aria-label="Columns that events show" className="flex flex-wrap gap-x-5 gap-y-2 pl-6.5">
          {keys.map((column) => (
            <CheckField key={column} label={<code className="font-mono">{column}</code>} checked disabled onChange={() => undefined} />
          ))}
          {others.map(({ columnName }) => (
            <CheckField
              key={columnName}
              label={<code className="font-mono">{columnName}</code>}
              checked={chosen.includes(columnName)}
              onChange={(on) =>
                onChange({
                  columns: others.map((column) => column.columnName).filter((name) => (name === columnName ? on : chosen.includes(name))),
                })
              }
            />
          ))}
          {problem && (
            <p role="alert" className="text-bad w-full text-xs">
              {problem}
            </p>
          )}
        </div>
      )}
      <Field label="Only rows where" hint="A condition on the row, for example status = 'paid'. Empty means every row.">
        {(control) => (
          <TextArea {...control} rows={2} value={draft.condition} onChange={(event) => onChange({ condition: event.target.value })} className="font-mono" />
        )}
      </Field>
    </fieldset>
  );
}
