import { queryOptions } from "@tanstack/react-query";
import { pathOf, request } from "@/api/client";

/** The types a column can be created with. A column read back may name another SQL type. */
export const COLUMN_TYPES = ["string", "integer", "float", "boolean", "datetime", "date", "uuid", "json"] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface TableSummary {
  name: string;
  rows: number;
  rowSecurity: boolean;
  policies: number;
}

export interface Column {
  columnName: string;
  type: string;
  isNullable: boolean;
  isPrimaryKey: boolean;
  isUnique: boolean;
  defaultValue?: string | null;
}

export interface NewColumn {
  columnName: string;
  type: ColumnType;
  isNullable: boolean;
  isUnique: boolean;
  defaultValue?: string;
}

export interface ForeignKey {
  constraintName?: string;
  referenceTable: string;
  referenceColumns: { sourceColumn: string; referenceColumn: string }[];
  onDelete?: string;
  onUpdate?: string;
}

/** A reference of another table to this one. */
export interface Referring extends ForeignKey {
  table: string;
}

export interface Index {
  name: string;
  definition: string;
  isUnique: boolean;
  isPrimary: boolean;
}

export const ACTIONS = ["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"] as const;

export type PolicyCommand = "all" | "select" | "insert" | "update" | "delete";

export interface Policy {
  name: string;
  command: string;
  roles: string[];
  /** Permissive policies let in; the others must hold besides. */
  permissive: boolean;
  using?: string | null;
  check?: string | null;
}

export interface NewPolicy {
  name: string;
  command: PolicyCommand;
  roles: string[];
  permissive?: boolean;
  using?: string;
  check?: string;
}

export interface Table {
  name: string;
  columns: Column[];
  foreignKeys: ForeignKey[];
  referring: Referring[];
  indexes: Index[];
  rowSecurity: boolean;
  recordCount: number;
  policies: Policy[];
}

/** The primary key's columns; without any, single rows cannot be named. */
export function keysOf(table: Pick<Table, "columns">): string[] {
  return table.columns.filter(({ isPrimaryKey }) => isPrimaryKey).map(({ columnName }) => columnName);
}

export interface TableChange {
  addColumns?: NewColumn[];
  dropColumns?: string[];
  updateColumns?: { columnName: string; newColumnName?: string; defaultValue?: string }[];
  addForeignKeys?: ForeignKey[];
  dropForeignKeys?: string[];
  renameTable?: { newTableName: string };
}

export const tablesQuery = queryOptions({
  queryKey: ["tables"],
  queryFn: async ({ signal }) => (await request<{ tables: TableSummary[] }>("/tables", { signal })).tables,
});

export function tableQuery(name: string) {
  return queryOptions({
    queryKey: ["table", name],
    queryFn: ({ signal }) => request<Table>(pathOf("tables", name), { signal }),
  });
}

export function createTable(tableName: string, columns: NewColumn[], rlsEnabled: boolean): Promise<unknown> {
  return request("/tables", { method: "POST", json: { tableName, columns, rlsEnabled } });
}

export function changeTable(name: string, change: TableChange): Promise<unknown> {
  return request(pathOf("tables", name), { method: "PATCH", json: change });
}

export function deleteTable(name: string): Promise<void> {
  return request(pathOf("tables", name), { method: "DELETE" });
}

export function addPolicy(table: string, policy: NewPolicy): Promise<unknown> {
  return request(pathOf("tables", table, "policies"), { method: "POST", json: policy });
}

/** Puts a policy in the place of another, at once: nobody is let in or shut out in between. */
export function replacePolicy(table: string, old: string, policy: NewPolicy): Promise<unknown> {
  return request(pathOf("tables", table, "policies", old), { method: "PUT", json: policy });
}

export function setRowSecurity(table: string, on: boolean): Promise<unknown> {
  return request(pathOf("tables", table, "row-security"), { method: "PUT", json: { on } });
}

export function createIndex(table: string, index: { name?: string; columns: string[]; isUnique: boolean }): Promise<unknown> {
  return request(pathOf("tables", table, "indexes"), { method: "POST", json: index });
}

export function dropIndex(table: string, index: string): Promise<void> {
  return request(pathOf("tables", table, "indexes", index), { method: "DELETE" });
}

export function deletePolicy(table: string, policy: string): Promise<void> {
  return request(pathOf("tables", table, "policies", policy), { method: "DELETE" });
}
