import type { NewPolicy, Table } from "@/api/tables";

/** A policy most tables need, ready to adjust. */
export interface PolicyTemplate {
  label: string;
  policy: NewPolicy;
}

export function templatesFor(table: Table): PolicyTemplate[] {
  const owner = table.columns.find(({ columnName }) => /^(user_id|owner_id|owner|author_id|created_by)$/.test(columnName))?.columnName ?? "user_id";
  return [
    { label: "Everyone reads", policy: { name: "everyone_reads", command: "select", roles: ["anon", "authenticated"], using: "true" } },
    {
      label: "Signed-in people do everything",
      policy: { name: "signed_in_all", command: "all", roles: ["authenticated"], using: "true", check: "true" },
    },
    {
      label: "People own their rows",
      policy: {
        name: "own_rows",
        command: "all",
        roles: ["authenticated"],
        using: `${owner} = auth.uid()`,
        check: `${owner} = auth.uid()`,
      },
    },
  ];
}
