import { Dialog } from "@/components/Dialog";
import { Keys } from "@/components/Keys";
import { COMMAND_KEY } from "@/keyboard/shortcuts";
import { DESTINATIONS } from "@/shell/destinations";

const GROUPS: { title: string; rows: [string, string][] }[] = [
  {
    title: "Anywhere",
    rows: [
      [`${COMMAND_KEY} K`, "Search or jump to"],
      ["/", "Search in this page"],
      ["?", "This list"],
      ["Esc", "Close, or leave a field"],
    ],
  },
  { title: "Go to", rows: DESTINATIONS.map(({ keys, label }) => [keys, label]) },
  {
    title: "In a table",
    rows: [
      ["↑ ↓ ← →", "Move between cells"],
      ["Enter", "Edit the cell; again to save"],
      ["Space", "Select the row"],
      ["e", "Open the row"],
      ["n", "Insert a row"],
      ["Delete", "Delete the selected rows"],
      [`${COMMAND_KEY} C`, "Copy the cell"],
      ["Home End", "First or last column"],
    ],
  },
];

export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" size="wide" focusableBody>
      <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="text-faint mb-1.5 text-xs font-medium">{group.title}</h3>
            <dl>
              {group.rows.map(([keys, meaning]) => (
                <div key={keys} className="flex h-7 items-center justify-between gap-4">
                  <dt className="order-2">
                    <Keys keys={keys} />
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
