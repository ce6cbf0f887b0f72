import { type Filter, type Operator, OPERATORS } from "@/records/filter";

export const PAGE_SIZES = [25, 50, 100, 250] as const;
const TABS = ["data", "structure", "relations", "indexes", "policies", "events"] as const;
export type TableTab = (typeof TABS)[number];

/** What a table's page keeps in its address, so that a view can be linked to. */
export interface GridSearch {
  tab?: TableTab;
  sort?: string;
  desc?: boolean;
  filters?: Filter[];
  page?: number;
  size?: number;
}

function isFilter(raw: unknown): raw is Filter {
  if (typeof raw !== "object" || raw === null) return false;
  const { column, operator, value } = raw as Record<string, unknown>;
  return typeof column === "string" && typeof value === "string" && typeof operator === "string" && operator in OPERATORS;
}

/** Reads the address; anything it does not know is left out. */
export function readGridSearch(raw: Record<string, unknown>): GridSearch {
  const search: GridSearch = {};
  const tab = TABS.find((known) => known === raw["tab"]);
  if (tab !== undefined && tab !== "data") search.tab = tab;
  if (typeof raw["sort"] === "string" && raw["sort"] !== "") {
    search.sort = raw["sort"];
    if (raw["desc"] === true) search.desc = true;
  }
  if (Array.isArray(raw["filters"])) {
    const filters = raw["filters"].filter(isFilter).map(({ column, operator, value }) => ({ column, operator: operator as Operator, value }));
    if (filters.length > 0) search.filters = filters;
  }
  const page = Number(raw["page"]);
  if (Number.isInteger(page) && page > 1) search.page = page;
  const size = PAGE_SIZES.find((known) => known === Number(raw["size"]));
  if (size !== undefined && size !== 50) search.size = size;
  return search;
}
