import { CircleHelp } from "lucide-react";
import { Popover } from "radix-ui";
import { useId } from "react";
import { IconButton } from "@/components/IconButton";
import { Switch } from "@/components/Switch";

interface RightsSwitchProps {
  /** Whether the server allows the owner's rights at all. */
  allowed: boolean;
  relaxed: boolean;
  onChange: (relaxed: boolean) => void;
}

/** Strict or relaxed, with what that means. */
export function RightsSwitch({ allowed, relaxed, onChange }: RightsSwitchProps) {
  const id = useId();
  return (
    <span className="mr-1 flex items-center gap-1.5">
      <Switch id={id} checked={relaxed} disabled={!allowed} onCheckedChange={onChange} />
      <label htmlFor={id} className={relaxed ? "text-warn font-medium" : allowed ? "" : "text-muted"}>
        Relaxed
      </label>
      <Popover.Root>
        <Popover.Trigger asChild>
          <IconButton label="What relaxed means">
            <CircleHelp />
          </IconButton>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="end"
            sideOffset={6}
            collisionPadding={8}
            className="bg-raised border-line shadow-pop animate-fade-in z-50 flex w-80 flex-col gap-2 rounded-lg border p-3.5 outline-none"
          >
            <p>
              <strong>Strict</strong>, the usual way: SQL has the rights of a project&apos;s administrator. It makes, changes and reads your
              tables, and cannot touch Busbar&apos;s own.
            </p>
            <p>
              <strong>Relaxed</strong>: SQL has the rights of the database&apos;s owner. It can change anything, also what keeps accounts,
              files and secrets in order.
            </p>
            {!allowed && (
              <p className="text-muted">
                Relaxed is off on this server. <code className="font-mono text-xs wrap-anywhere">INSFORGE_COMPAT_UNRESTRICTED_SQL=original</code> allows it.
              </p>
            )}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </span>
  );
}
