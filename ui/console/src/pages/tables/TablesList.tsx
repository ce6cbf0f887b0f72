import { Link } from "@tanstack/react-router";
import { Table2 } from "lucide-react";
import type { TableSummary } from "@/api/tables";
import { TD, TH, TR } from "@/components/table-classes";
import { formatCount } from "@/format/number";
import { SecurityBadge } from "@/pages/tables/SecurityBadge";

export function TablesList({ tables }: { tables: TableSummary[] }) {
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr>
          <th scope="col" className={TH}>
            Name
          </th>
          <th scope="col" className={`${TH} text-right`}>
            Rows
          </th>
          <th scope="col" className={`${TH} max-sm:hidden`}>
            Access
          </th>
        </tr>
      </thead>
      <tbody>
        {tables.map((table) => (
          <tr key={table.name} className={TR}>
            <td className={TD}>
              <Link
                to="/tables/$table"
                params={{ table: table.name }}
                className="flex items-center gap-2.5 font-medium after:absolute after:inset-0"
              >
                <Table2 aria-hidden className="text-faint size-4" />
                {table.name}
              </Link>
            </td>
            <td className={`${TD} tnum text-right`}>{formatCount(table.rows)}</td>
            <td className={`${TD} max-sm:hidden`}>
              <SecurityBadge rowSecurity={table.rowSecurity} policies={table.policies} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
