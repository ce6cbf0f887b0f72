import { type Finding, partOf } from "@/api/advisor";
import type { Table } from "@/api/tables";
import { columnsOf } from "@/pages/tables/indexes/columns";

/** What the advisor says about a table's indexes, with what would follow it. */
export type Advice = { finding: Finding } & ({ kind: "add"; columns: string[] } | { kind: "drop"; index: string });

export function adviceFor(findings: Finding[], table: Table): Advice[] {
  return findings.flatMap((finding): Advice[] => {
    const part = partOf(finding, table.name);
    if (!part) return [];
    if (finding.rule === "fk-missing-index") return [{ finding, kind: "add", columns: part.split(",") }];
    // Without it the advice would be to make it: a relation's index is used by deletes, which are rare.
    if (finding.rule === "unused-index" && serves(part, table)) return [];
    if (finding.rule === "unused-index" || finding.rule === "duplicate-index") return [{ finding, kind: "drop", index: part }];
    return [];
  });
}

/** Whether an index leads with the columns of one of the table's relations. */
function serves(name: string, table: Table): boolean {
  const columns = columnsOf(table.indexes.find((index) => index.name === name)?.definition ?? "");
  return table.foreignKeys.some(({ referenceColumns: pairs }) => {
    const leading = columns.slice(0, pairs.length);
    return pairs.every(({ sourceColumn }) => leading.includes(sourceColumn));
  });
}
