import { Link } from "@tanstack/react-router";
import { Keys } from "@/components/Keys";
import { DESTINATIONS } from "@/shell/destinations";

export function NavLinks({ onNavigate }: { onNavigate?: () => void }) {
  return (
    <ul className="flex flex-col gap-px">
      {DESTINATIONS.map(({ to, label, icon: Icon, keys, exact }) => (
        <li key={to}>
          <Link
            to={to}
            activeOptions={{ exact, includeSearch: false }}
            onClick={onNavigate}
            className="group flex h-8 items-center gap-2.5 rounded-md px-2.5 transition-colors pointer-coarse:h-11"
            activeProps={{ className: "bg-hover text-ink font-medium [&>svg]:text-accent", "aria-current": "page" }}
            inactiveProps={{ className: "text-muted hover:bg-hover hover:text-ink" }}
          >
            <Icon aria-hidden className="size-4 shrink-0" />
            {label}
            <Keys
              keys={keys}
              className="ml-auto opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100 pointer-coarse:hidden"
            />
          </Link>
        </li>
      ))}
    </ul>
  );
}
