import { Menu as MenuIcon, Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { IconButton } from "@/components/IconButton";
import { Logo } from "@/components/Logo";
import { Sidebar } from "@/shell/Sidebar";

interface MobileBarProps {
  onPalette: () => void;
  onHelp: () => void;
  onSignOut: () => void;
}

/** The bar at the top of a narrow screen, with the side bar behind its button. */
export function MobileBar({ onPalette, onHelp, onSignOut }: MobileBarProps) {
  const [open, setOpen] = useState(false);
  const closing = (action: () => void) => () => {
    setOpen(false);
    action();
  };
  return (
    <header className="border-line bg-panel flex h-12 shrink-0 items-center gap-1 border-b px-2 lg:hidden">
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger asChild>
          <IconButton label="Open the menu">
            <MenuIcon />
          </IconButton>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="animate-fade-in fixed inset-0 z-40 bg-black/40" />
          <Dialog.Content
            aria-describedby={undefined}
            className="bg-panel border-line animate-fade-in fixed inset-y-0 left-0 z-40 w-64 border-r outline-none"
          >
            <Dialog.Title className="sr-only">Menu</Dialog.Title>
            <Sidebar
              onPalette={closing(onPalette)}
              onHelp={closing(onHelp)}
              onSignOut={closing(onSignOut)}
              onNavigate={() => setOpen(false)}
            />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      <Logo className="text-accent ml-1 size-4.5" />
      <span className="text-base font-semibold">Busbar</span>
      <span className="flex-1" />
      <IconButton label="Search or jump to" onClick={onPalette}>
        <Search />
      </IconButton>
    </header>
  );
}
