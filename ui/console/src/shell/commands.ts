import type { LucideIcon } from "lucide-react";

export interface Command {
  id: string;
  group: "Pages" | "Tables" | "Buckets" | "Actions";
  label: string;
  icon: LucideIcon;
  keys?: string;
  run: () => void;
}

/** How well a label answers what was typed; 0 is not at all, and earlier and whole-word matches score higher. */
export function score(label: string, typed: string): number {
  const text = label.toLowerCase();
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return 1;
  const at = text.indexOf(wanted);
  if (at === 0) return 100;
  if (at > 0) return /[\s_-]/.test(text[at - 1] ?? "") ? 80 : 60;
  let position = -1;
  for (const character of wanted) {
    if (character === " ") continue;
    position = text.indexOf(character, position + 1);
    if (position === -1) return 0;
  }
  return 20;
}

/** The commands that match, best first within their groups' order. */
export function search(commands: Command[], typed: string): Command[] {
  if (typed.trim() === "") return commands;
  return commands
    .map((command) => ({ command, rank: score(command.label, typed) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ command }) => command);
}
