import { Archive, Braces, FolderOpen, Gauge, ListChecks, Mail, ScrollText, SquareTerminal, Table2, Users } from "lucide-react";

/** The console's pages, in the order of the side bar. */
export const DESTINATIONS = [
  { to: "/", label: "Overview", icon: Gauge, keys: "g o", exact: true },
  { to: "/tables", label: "Tables", icon: Table2, keys: "g t", exact: false },
  { to: "/sql", label: "SQL", icon: SquareTerminal, keys: "g q", exact: false },
  { to: "/migrations", label: "Migrations", icon: ListChecks, keys: "g i", exact: false },
  { to: "/backups", label: "Backups", icon: Archive, keys: "g b", exact: false },
  { to: "/storage", label: "Storage", icon: FolderOpen, keys: "g s", exact: false },
  { to: "/users", label: "Users", icon: Users, keys: "g u", exact: false },
  { to: "/mailbox", label: "Mailbox", icon: Mail, keys: "g m", exact: false },
  { to: "/logs", label: "Logs", icon: ScrollText, keys: "g l", exact: false },
  { to: "/variables", label: "Variables", icon: Braces, keys: "g v", exact: false },
] as const;
