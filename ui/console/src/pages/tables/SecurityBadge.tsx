import { Badge } from "@/components/Badge";
import { plural } from "@/format/number";

/** Who can reach a table's rows, in three words. */
export function SecurityBadge({ rowSecurity, policies }: { rowSecurity: boolean; policies: number }) {
  if (!rowSecurity) return <Badge tone="warn">Open to every client</Badge>;
  if (policies === 0) return <Badge>Servers only</Badge>;
  return <Badge tone="ok">{plural(policies, "policy", "policies")}</Badge>;
}
