import type { NewPolicy, Table } from "@/api/tables";

/** A policy most tables need, ready to adjust. */
export interface PolicyTemplate {
  label: string;
  policy: NewPolicy;
}

const OWNER = /^(user_id|owner_id|owner|author_id|created_by)$/;
const PUBLISHED = /^(is_public|public|published|is_published)$/;

export function templatesFor(table: Pick<Table, "columns">): PolicyTemplate[] {
  const named = (pattern: RegExp): string | undefined => table.columns.find(({ columnName }) => pattern.test(columnName))?.columnName;
  const own = `${named(OWNER) ?? "user_id"} = auth.uid()`;
  const published = named(PUBLISHED);
  const people = ["authenticated"];
  return [
    { label: "Everyone reads", policy: { name: "everyone_reads", command: "select", roles: ["anon", "authenticated"], using: "true" } },
    ...(published
      ? [{ label: "Everyone reads what is public", policy: { name: "public_rows", command: "select", roles: ["anon", "authenticated"], using: published } as NewPolicy }]
      : []),
    { label: "Owner reads own rows", policy: { name: "owner_reads", command: "select", roles: people, using: own } },
    { label: "Owner inserts own rows", policy: { name: "owner_inserts", command: "insert", roles: people, check: own } },
    { label: "Owner changes own rows", policy: { name: "owner_updates", command: "update", roles: people, using: own, check: own } },
    { label: "Owner deletes own rows", policy: { name: "owner_deletes", command: "delete", roles: people, using: own } },
    { label: "Owner does everything", policy: { name: "own_rows", command: "all", roles: people, using: own, check: own } },
    { label: "Signed-in people do everything", policy: { name: "signed_in_all", command: "all", roles: people, using: "true", check: "true" } },
  ];
}
