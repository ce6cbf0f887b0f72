import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FileUp, FolderOpen, Keyboard, KeyRound, LogOut, Moon, Plus, ShieldCheck, Sun, Table2 } from "lucide-react";
import { bucketsQuery } from "@/api/buckets";
import { tablesQuery } from "@/api/tables";
import type { Command } from "@/shell/commands";
import { DESTINATIONS } from "@/shell/destinations";
import { isDark, setTheme } from "@/theme/theme";

/** Everything the palette can do now; tables and buckets are asked for when it opens. */
export function useCommands(open: boolean, onHelp: () => void, onSignOut: () => void): Command[] {
  const navigate = useNavigate();
  const tables = useQuery({ ...tablesQuery, enabled: open }).data ?? [];
  const buckets = useQuery({ ...bucketsQuery, enabled: open }).data ?? [];
  const dark = isDark();
  return [
    ...DESTINATIONS.map(
      ({ to, label, icon, keys }): Command => ({ id: to, group: "Pages", label, icon, keys, run: () => void navigate({ to }) }),
    ),
    ...tables.map(
      ({ name }): Command => ({
        id: `table:${name}`,
        group: "Tables",
        label: name,
        icon: Table2,
        run: () => void navigate({ to: "/tables/$table", params: { table: name } }),
      }),
    ),
    ...buckets.map(
      ({ name }): Command => ({
        id: `bucket:${name}`,
        group: "Buckets",
        label: name,
        icon: FolderOpen,
        run: () => void navigate({ to: "/storage/$bucket", params: { bucket: name } }),
      }),
    ),
    {
      id: "create-table",
      group: "Actions",
      label: "Create a table",
      icon: Plus,
      run: () => void navigate({ to: "/tables", search: { action: "create" } }),
    },
    {
      id: "import-file",
      group: "Actions",
      label: "Import a file into a new table",
      icon: FileUp,
      run: () => void navigate({ to: "/tables", search: { action: "import" } }),
    },
    { id: "storage-policies", group: "Actions", label: "Policies of files", icon: ShieldCheck, run: () => void navigate({ to: "/storage-policies" }) },
    { id: "access-keys", group: "Actions", label: "Access keys of the S3 gateway", icon: KeyRound, run: () => void navigate({ to: "/access-keys" }) },
    {
      id: "theme",
      group: "Actions",
      label: dark ? "Switch to the light theme" : "Switch to the dark theme",
      icon: dark ? Sun : Moon,
      run: () => setTheme(dark ? "light" : "dark"),
    },
    { id: "help", group: "Actions", label: "Keyboard shortcuts", icon: Keyboard, keys: "?", run: onHelp },
    { id: "sign-out", group: "Actions", label: "Sign out", icon: LogOut, run: onSignOut },
  ];
}
