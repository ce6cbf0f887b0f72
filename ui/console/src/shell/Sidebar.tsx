import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { overviewQuery } from "@/api/overview";
import { Badge } from "@/components/Badge";
import { Keys } from "@/components/Keys";
import { Logo } from "@/components/Logo";
import { COMMAND_KEY } from "@/keyboard/shortcuts";
import { AccountMenu } from "@/shell/AccountMenu";
import { NavLinks } from "@/shell/NavLinks";
import { ThemeSwitch } from "@/shell/ThemeSwitch";

interface SidebarProps {
  onPalette: () => void;
  onHelp: () => void;
  onSignOut: () => void;
  onNavigate?: () => void;
}

export function Sidebar({ onPalette, onHelp, onSignOut, onNavigate }: SidebarProps) {
  const overview = useQuery(overviewQuery).data;
  return (
    <div className="flex h-full flex-col gap-3 p-3">
      <div className="flex h-8 items-center gap-2 px-1.5">
        <Logo className="text-accent size-5" />
        <span className="text-base font-semibold tracking-tight">Busbar</span>
        {overview && (
          <Badge tone={overview.mode === "production" ? "accent" : "neutral"} className="ml-auto">
            {overview.mode}
          </Badge>
        )}
      </div>
      <button
        type="button"
        onClick={onPalette}
        className="border-line-strong bg-raised text-muted hover:border-field flex h-8 items-center gap-2 rounded-md border px-2.5 transition-colors pointer-coarse:h-11"
      >
        <Search aria-hidden className="size-3.5" />
        Jump to…
        <Keys keys={`${COMMAND_KEY} K`} className="ml-auto pointer-coarse:hidden" />
      </button>
      <nav aria-label="Pages of the console" className="flex-1">
        <NavLinks {...(onNavigate ? { onNavigate } : {})} />
      </nav>
      <ThemeSwitch />
      <div className="border-line -mx-3 border-t px-3 pt-2">
        <AccountMenu onSignOut={onSignOut} onHelp={onHelp} />
        {overview && (
          <p className="text-faint tnum mt-1 px-2 text-2xs">
            {overview.product} {overview.version}
          </p>
        )}
      </div>
    </div>
  );
}
