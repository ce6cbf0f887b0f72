import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { RecordsRequest } from "@/api/records";
import { keysOf, type Table } from "@/api/tables";
import type { Filter, Sort } from "@/records/filter";
import type { GridSearch } from "@/pages/tables/grid-search";

/** The grid's view as the address says it, and the ways to change it. */
export function useGridSearch(table: Table) {
  const search: GridSearch = useSearch({ from: "/shell/tables/$table" });
  const navigate = useNavigate();

  const view = useMemo(() => {
    // A column that was renamed or dropped since the link was made is left out rather than refused.
    const known = new Set(table.columns.map(({ columnName }) => columnName));
    const filters = (search.filters ?? []).filter(({ column }) => known.has(column));
    const sort: Sort | undefined =
      search.sort !== undefined && known.has(search.sort) ? { column: search.sort, descending: search.desc === true } : undefined;
    return { filters, sort };
  }, [search.filters, search.sort, search.desc, table.columns]);

  const limit = search.size ?? 50;
  const offset = ((search.page ?? 1) - 1) * limit;
  const ask: RecordsRequest = useMemo(
    () => ({ filters: view.filters, sort: view.sort ?? defaultSort(table), keys: keysOf(table), limit, offset }),
    [view, table, limit, offset],
  );

  const go = (change: GridSearch, drop: (keyof GridSearch)[] = []): void => {
    const next: GridSearch = { ...search, ...change };
    for (const key of drop) delete next[key];
    void navigate({ to: "/tables/$table", params: { table: table.name }, search: next, replace: true });
  };
  return {
    view,
    ask,
    setSort: (sort: Sort | undefined) =>
      sort ? go({ sort: sort.column, desc: sort.descending }, ["page"]) : go({}, ["sort", "desc", "page"]),
    setFilters: (filters: Filter[]) => (filters.length > 0 ? go({ filters }, ["page"]) : go({}, ["filters", "page"])),
    setOffset: (next: number) => go({ page: Math.floor(next / limit) + 1 }),
    setSize: (size: number) => go({ size }, ["page"]),
  };
}

/** Oldest first where the table knows, so that new rows come last; else by the key alone. */
function defaultSort(table: Table): Sort | undefined {
  const column = table.columns.find(({ columnName, type }) => columnName === "created_at" && type === "datetime");
  return column && { column: column.columnName, descending: false };
}
