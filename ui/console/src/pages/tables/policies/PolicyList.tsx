import type { Policy } from "@/api/tables";
import { PolicyCard } from "@/pages/tables/policies/PolicyCard";

const GROUPS = [
  { command: "all", title: "Everything" },
  { command: "select", title: "Read" },
  { command: "insert", title: "Insert" },
  { command: "update", title: "Change" },
  { command: "delete", title: "Delete" },
];

interface PolicyListProps {
  policies: Policy[];
  onEdit: (policy: Policy) => void;
  onDrop: (policy: Policy) => void;
}

/** Policies by what they allow. */
export function PolicyList({ policies, onEdit, onDrop }: PolicyListProps) {
  return GROUPS.map(({ command, title }) => {
    const own = policies.filter((policy) => policy.command === command);
    if (own.length === 0) return null;
    return (
      <section key={command} aria-labelledby={`policies-${command}`}>
        <h2 id={`policies-${command}`} className="mt-2 mb-2 text-base font-semibold">
          {title}
        </h2>
        <ul className="flex flex-col gap-3">
          {own.map((policy) => (
            <PolicyCard key={policy.name} policy={policy} onEdit={() => onEdit(policy)} onDrop={() => onDrop(policy)} />
          ))}
        </ul>
      </section>
    );
  });
}
