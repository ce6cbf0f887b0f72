import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useId, useRef, useState } from "react";
import { cx } from "@/components/cx";
import { Keys } from "@/components/Keys";
import { type Command, search } from "@/shell/commands";
import { useCommands } from "@/shell/use-commands";

interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onHelp: () => void;
  onSignOut: () => void;
}

export function CommandPalette({ open, onOpenChange, onHelp, onSignOut }: CommandPaletteProps) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = search(useCommands(open, onHelp, onSignOut), typed);
  const current = Math.min(active, found.length - 1);

  useEffect(() => {
    if (!open) return;
    setTyped("");
    setActive(0);
  }, [open]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current, typed]);

  const run = (command: Command | undefined): void => {
    if (!command) return;
    onOpenChange(false);
    command.run();
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setActive((current + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[current]);
    }
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="animate-fade-in fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="bg-panel border-line shadow-pop animate-rise-in fixed top-[12vh] left-1/2 z-50 flex max-h-[60dvh] w-[min(36rem,calc(100vw-1rem))] -translate-x-1/2 flex-col overflow-hidden rounded-xl border outline-none"
        >
          <Dialog.Title className="sr-only">Search or jump to</Dialog.Title>
          <div className="border-line flex items-center gap-2.5 border-b px-4">
            <Search aria-hidden className="text-faint size-4" />
            <input
              role="combobox"
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={found[current] ? `${listId}-${current}` : undefined}
              aria-label="Page, table, bucket or action"
              placeholder="Page, table, bucket or action"
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setActive(0);
              }}
              onKeyDown={onKeyDown}
              className="placeholder:text-faint h-12 flex-1 bg-transparent text-base outline-none"
            />
          </div>
          <div ref={list} id={listId} role="listbox" aria-label="Results" className="thin-scroll min-h-0 overflow-y-auto p-1.5">
            {found.map((command, index) => (
              <div
                key={command.id}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === current}
                onPointerMove={() => setActive(index)}
                onClick={() => run(command)}
                className={cx(
                  "flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 pointer-coarse:h-11",
                  index === current ? "bg-hover" : "",
                )}
              >
                <command.icon aria-hidden className={cx("size-4 shrink-0", index === current ? "text-accent" : "text-faint")} />
                <span className="min-w-0 truncate">{command.label}</span>
                <span className="text-faint ml-auto shrink-0 text-xs">{command.keys ? <Keys keys={command.keys} /> : command.group}</span>
              </div>
            ))}
          </div>
          {found.length === 0 && <p className="text-muted px-4 pb-4">Nothing is called “{typed}”.</p>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
