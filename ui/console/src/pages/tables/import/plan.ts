import { COLUMN_TYPES, type ColumnType, type NewColumn, type Table } from "@/api/tables";
import type { Mapping } from "@/records/chunks";
import { columnNames, identifier, inferType } from "@/records/infer";
import type { Source } from "@/records/source";
import { nameProblem } from "@/pages/tables/create/draft";

/** Where one column of the file goes; an empty target leaves it out. */
export interface PlannedColumn {
  from: string;
  sample: string[];
  target: string;
  type: ColumnType;
}

export interface Plan {
  tableName: string;
  columns: PlannedColumn[];
}

const SAMPLE_ROWS = 3;

/** A first proposal: into a new table with inferred types, or into the same-named columns of an existing one. */
export function proposePlan(source: Source, table: Table | undefined): Plan {
  const names = columnNames(source.header);
  const existing = new Map(table?.columns.map((column) => [column.columnName.toLowerCase(), column]) ?? []);
  const columns = source.header.map((from, index): PlannedColumn => {
    const values = source.rows.map((row) => row[index]);
    const sample = values.slice(0, SAMPLE_ROWS).map(sampleText);
    if (!table) return { from, sample, target: names[index] ?? "", type: inferType(values, source.format) };
    const match = existing.get(from.toLowerCase()) ?? existing.get(identifier(from));
    return { from, sample, target: match?.columnName ?? "", type: knownType(match?.type) };
  });
  return { tableName: table?.name ?? identifier(source.fileName.replace(/\.[^.]*$/, "")), columns };
}

function sampleText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function knownType(type: string | undefined): ColumnType {
  return COLUMN_TYPES.find((known) => known === type) ?? "string";
}

/** What keeps the plan from being carried out, or nothing. */
export function planProblem(plan: Plan, isNew: boolean): string | undefined {
  const targets = plan.columns.map(({ target }) => target).filter((target) => target !== "");
  if (targets.length === 0) return "No column of the file goes anywhere. Choose at least one.";
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) return `Two columns of the file go to ${twice}.`;
  if (!isNew) return undefined;
  const problem = nameProblem(plan.tableName);
  if (problem) return `The table's name: ${problem}`;
  const bad = targets.find((target) => nameProblem(target));
  return bad === undefined ? undefined : `The column ${bad}: ${nameProblem(bad) ?? ""}`;
}

export function mappingOf(plan: Plan): Mapping[] {
  return plan.columns
    .map(({ target, type }, index) => ({ index, column: target, type }))
    .filter(({ column }) => column !== "");
}

export function newColumnsOf(plan: Plan): NewColumn[] {
  return mappingOf(plan).map(({ column, type }) => ({ columnName: column, type: knownType(type), isNullable: true, isUnique: false }));
}
