import { Link } from "@tanstack/react-router";
import type { Overview } from "@/api/overview";
import { formatCount } from "@/format/number";

const COUNTS = [
  { key: "tables", label: "Tables", to: "/tables" },
  { key: "users", label: "Users", to: "/users" },
  { key: "buckets", label: "Buckets", to: "/storage" },
  { key: "objects", label: "Files", to: "/storage" },
  { key: "mails", label: "Messages", to: "/mailbox" },
] as const;

export function Counts({ counts }: { counts: Overview["counts"] }) {
  return (
    <ul aria-label="What is stored" className="border-line bg-line grid grid-cols-2 gap-px overflow-hidden rounded-lg border sm:grid-cols-5">
      {COUNTS.map(({ key, label, to }) => (
        <li key={key} className="bg-panel max-sm:last:col-span-2">
          <Link to={to} className="hover:bg-hover block px-4 py-3 transition-colors focus-visible:-outline-offset-2">
            <span className="tnum block text-xl font-semibold tracking-tight">{formatCount(counts[key])}</span>
            <span className="text-muted">{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
