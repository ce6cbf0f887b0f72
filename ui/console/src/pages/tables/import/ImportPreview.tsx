import type { Table } from "@/api/tables";
import { CheckField } from "@/components/CheckField";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Notice } from "@/components/Notice";
import { plural } from "@/format/number";
import { PlannedColumnRow } from "@/pages/tables/import/PlannedColumnRow";
import type { Plan, PlannedColumn } from "@/pages/tables/import/plan";
import type { Source } from "@/records/source";

interface ImportPreviewProps {
  source: Source;
  plan: Plan;
  table: Table | undefined;
  emptyTextIsNull: boolean;
  onPlan: (plan: Plan) => void;
  onEmptyTextIsNull: (on: boolean) => void;
}

export function ImportPreview({ source, plan, table, emptyTextIsNull, onPlan, onEmptyTextIsNull }: ImportPreviewProps) {
  const change = (index: number, part: Partial<PlannedColumn>): void =>
    onPlan({ ...plan, columns: plan.columns.map((column, at) => (at === index ? { ...column, ...part } : column)) });
  return (
    <div className="flex flex-col gap-4">
      {!table && (
        <Field label="Table">
          {(control) => (
            <Input
              {...control}
              value={plan.tableName}
              onChange={(event) => onPlan({ ...plan, tableName: event.target.value })}
              className="font-mono sm:max-w-80"
            />
          )}
        </Field>
      )}
      {source.skipped.length > 0 && (
        <Notice tone="warn">
          {plural(source.skipped.length, "row")} cannot be read and will be left out, the first one row {source.skipped[0]?.row}: it{" "}
          {source.skipped[0]?.reason}.
        </Notice>
      )}
      <div className="thin-scroll overflow-x-auto" tabIndex={0} role="region" aria-label="Columns of the file">
        <table className="w-full min-w-[36rem] border-collapse">
          <thead>
            <tr className="text-muted border-line border-b text-left text-xs">
              <th scope="col" className="h-8 pr-3 font-medium">
                In {source.fileName}
              </th>
              <th scope="col" className="px-3 font-medium">
                First values
              </th>
              <th scope="col" className="px-3 font-medium">
                Column
              </th>
              <th scope="col" className="pl-3 font-medium">
                Type
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.columns.map((column, index) => (
              <PlannedColumnRow key={index} column={column} table={table} onChange={(part) => change(index, part)} />
            ))}
          </tbody>
        </table>
      </div>
      {source.format === "csv" && (
        <CheckField
          label="Empty text becomes NULL"
          hint="In columns of other types an empty cell is always NULL."
          checked={emptyTextIsNull}
          onChange={onEmptyTextIsNull}
        />
      )}
    </div>
  );
}
