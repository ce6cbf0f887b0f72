import type { Table } from "@/api/tables";
import { cx } from "@/components/cx";
import { type Access, accessOf, COMMANDS, ROLES } from "@/pages/tables/policies/access";

const ROWS: Record<Access, string> = { all: "every row", some: "some rows", none: "nothing" };
const WHO = { anon: "Anyone with the anon key", authenticated: "People who are signed in" };
const VERBS = { select: "Read", insert: "Insert", update: "Change", delete: "Delete" };

/** What each sort of client can do, as row security and the policies together have it. */
export function AccessTable({ table, words = ROWS }: { table: Pick<Table, "rowSecurity" | "policies">; words?: Record<Access, string> }) {
  return (
    <div className="border-line bg-panel thin-scroll overflow-x-auto rounded-lg border" tabIndex={0} role="region" aria-label="Who can do what">
      <table className="w-full min-w-[34rem] border-collapse">
        <thead>
          <tr className="text-muted border-line border-b text-left text-xs">
            <th scope="col" className="h-9 min-w-36 px-4 font-medium">
              Who
            </th>
            {COMMANDS.map((command) => (
              <th key={command} scope="col" className="w-24 px-3 font-medium sm:w-28">
                {VERBS[command]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROLES.map((role) => (
            <tr key={role} className="border-line border-b last:border-0">
              <th scope="row" className="h-10 px-4 py-2 text-left font-normal">
                {WHO[role]}
              </th>
              {COMMANDS.map((command) => {
                const access = accessOf(table, role, command);
                const risky = access === "all" && (role === "anon" || command !== "select") && !(role === "anon" && command === "select" && table.rowSecurity);
                return (
                  <td key={command} className={cx("px-3", access === "none" ? "text-faint" : risky ? "text-warn font-medium" : "text-ok")}>
                    {words[access]}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
