import { Pencil, Trash2 } from "lucide-react";
import type { Policy } from "@/api/tables";
import { Badge } from "@/components/Badge";
import { IconButton } from "@/components/IconButton";

export function PolicyCard({ policy, onEdit, onDrop }: { policy: Policy; onEdit: () => void; onDrop: () => void }) {
  const rules = [
    ["Rows it shows", policy.using],
    ["Rows it accepts", policy.check],
  ] as const;
  return (
    <li className="border-line bg-panel rounded-lg border">
      <div className="flex min-h-11 items-center gap-2 py-1 pr-2 pl-4">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
          <span className="font-medium wrap-anywhere">{policy.name}</span>
          <Badge tone="accent">{policy.command.toLowerCase()}</Badge>
          {!policy.permissive && <Badge tone="info">restrictive</Badge>}
          {policy.roles.map((role) => (
            <Badge key={role}>{role}</Badge>
          ))}
        </div>
        <IconButton label={`Edit the policy ${policy.name}`} onClick={onEdit}>
          <Pencil />
        </IconButton>
        <IconButton label={`Drop the policy ${policy.name}`} onClick={onDrop} className="hover:text-bad">
          <Trash2 />
        </IconButton>
      </div>
      <dl className="border-line flex flex-col gap-1 border-t px-4 py-2.5">
        {rules.map(
          ([label, rule]) =>
            rule && (
              <div key={label} className="grid gap-x-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
                <dt className="text-muted">{label}</dt>
                <dd>
                  <code className="font-mono text-xs wrap-anywhere">{rule}</code>
                </dd>
              </div>
            ),
        )}
        {!policy.using && !policy.check && <p className="text-muted">All rows</p>}
      </dl>
    </li>
  );
}
