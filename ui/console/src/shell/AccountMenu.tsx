import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown, Keyboard, LogOut } from "lucide-react";
import { sessionQuery } from "@/api/session";
import { Menu } from "@/components/Menu";

export function AccountMenu({ onSignOut, onHelp }: { onSignOut: () => void; onHelp: () => void }) {
  const email = useQuery(sessionQuery).data?.admin.email ?? "";
  return (
    <Menu
      align="start"
      side="top"
      heading={<>Signed in as {email}</>}
      trigger={
        <button
          type="button"
          className="hover:bg-hover flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-2 text-left"
        >
          <span
            aria-hidden
            className="bg-accent-soft text-accent flex size-5 shrink-0 items-center justify-center rounded-full text-2xs font-semibold uppercase"
          >
            {email.slice(0, 1)}
          </span>
          <span className="sr-only">Account</span>
          <span className="text-muted min-w-0 flex-1 truncate">{email}</span>
          <ChevronsUpDown aria-hidden className="text-faint size-3.5 shrink-0" />
        </button>
      }
      items={[
        { label: "Keyboard shortcuts", icon: <Keyboard aria-hidden />, onSelect: onHelp },
        { label: "Sign out", icon: <LogOut aria-hidden />, onSelect: onSignOut },
      ]}
    />
  );
}
