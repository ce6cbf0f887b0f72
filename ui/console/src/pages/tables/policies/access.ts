import type { Policy, Table } from "@/api/tables";

export const ROLES = ["anon", "authenticated"] as const;
export type Role = (typeof ROLES)[number];
export const COMMANDS = ["select", "insert", "update", "delete"] as const;
export type Command = (typeof COMMANDS)[number];

/** How many rows a role reaches with a command. */
export type Access = "all" | "some" | "none";

const isTrue = (rule: string | null | undefined): boolean => /^\(*\s*true\s*\)*$/i.test(rule ?? "");

function applies(policy: Policy, role: Role, command: Command): boolean {
  const to = policy.roles.length === 0 || policy.roles.includes("public") || policy.roles.includes(role);
  return to && (policy.command === "all" || policy.command === command);
}

function holdsAlways(policy: Policy, command: Command): boolean {
  const shows = isTrue(policy.using);
  const accepts = policy.check ? isTrue(policy.check) : shows;
  if (command === "insert") return accepts;
  return command === "update" ? shows && accepts : shows;
}

/** What a role can do to a table, by its row security and policies as both databases read them. */
export function accessOf(table: Pick<Table, "rowSecurity" | "policies">, role: Role, command: Command): Access {
  if (!table.rowSecurity) return "all";
  const own = table.policies.filter((policy) => applies(policy, role, command));
  const open = own.filter(({ permissive }) => permissive);
  if (open.length === 0) return "none";
  const bounded = own.some((policy) => !policy.permissive && !holdsAlways(policy, command));
  const access: Access = !bounded && open.some((policy) => holdsAlways(policy, command)) ? "all" : "some";
  if (command === "select" || command === "insert") return access;
  // A row that cannot be seen cannot be changed.
  const seen = accessOf(table, role, "select");
  return seen === "all" ? access : seen;
}
