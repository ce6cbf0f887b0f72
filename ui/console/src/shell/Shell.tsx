import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { messageOf } from "@/api/client";
import { sessionQuery, signOut } from "@/api/session";
import { toast } from "@/components/toasts";
import { useShortcuts } from "@/keyboard/shortcuts";
import { CommandPalette } from "@/shell/CommandPalette";
import { DESTINATIONS } from "@/shell/destinations";
import { MobileBar } from "@/shell/MobileBar";
import { ShortcutsDialog } from "@/shell/ShortcutsDialog";
import { Sidebar } from "@/shell/Sidebar";

/** The frame around every page: side bar, shortcuts, palette. */
export function Shell() {
  const navigate = useNavigate();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);

  useShortcuts({
    "?": () => setHelp(true),
    ...Object.fromEntries(DESTINATIONS.map(({ keys, to }) => [keys, () => void navigate({ to })])),
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      setPalette((open) => !open);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  useEffect(() => {
    // A file dropped beside its field would otherwise replace the page.
    const refuse = (event: DragEvent): void => event.preventDefault();
    window.addEventListener("dragover", refuse);
    window.addEventListener("drop", refuse);
    return () => {
      window.removeEventListener("dragover", refuse);
      window.removeEventListener("drop", refuse);
    };
  }, []);

  const leave = async (): Promise<void> => {
    try {
      await signOut();
      queryClient.clear();
      queryClient.setQueryData(sessionQuery.queryKey, null);
      await router.invalidate();
    } catch (error) {
      toast("bad", `You are still signed in: ${messageOf(error)}`);
    }
  };

  const actions = {
    onPalette: () => setPalette(true),
    onHelp: () => setHelp(true),
    onSignOut: () => void leave(),
  };
  return (
    <div className="flex h-dvh flex-col lg:flex-row">
      <a
        href="#content"
        className="bg-accent text-accent-ink sr-only z-50 rounded-md px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <aside aria-label="Side bar" className="border-line bg-panel hidden w-56 shrink-0 border-r lg:block">
        <Sidebar {...actions} />
      </aside>
      <MobileBar {...actions} />
      <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        <Outlet />
      </main>
      <CommandPalette open={palette} onOpenChange={setPalette} onHelp={actions.onHelp} onSignOut={actions.onSignOut} />
      <ShortcutsDialog open={help} onOpenChange={setHelp} />
    </div>
  );
}
