import { queryOptions } from "@tanstack/react-query";
import { request } from "@/api/client";

export interface Variable {
  name: string;
  aliases?: string[] | null;
  group: string;
  help: string;
  secret: boolean;
  default?: string | null;
  value?: string | null;
  source: string;
  turnsOn?: string | null;
}

export const variablesQuery = queryOptions({
  queryKey: ["variables"],
  queryFn: async ({ signal }) => (await request<{ variables: Variable[] }>("/variables", { signal })).variables,
});
