import { useMutation } from "@tanstack/react-query";
import { AlertDialog as Radix } from "radix-ui";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/components/Button";
import { Input } from "@/components/Input";
import { Problem } from "@/components/Problem";

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  action: string;
  /** When set, this must be typed first: for what destroys many things at once. */
  typeToConfirm?: string;
  onConfirm: () => Promise<unknown>;
}

export function ConfirmDialog({ open, onOpenChange, title, children, action, typeToConfirm, onConfirm }: ConfirmDialogProps) {
  const [typed, setTyped] = useState("");
  const id = useId();
  const run = useMutation({ mutationFn: onConfirm, onSuccess: () => change(false) });
  const change = (next: boolean): void => {
    setTyped("");
    run.reset();
    onOpenChange(next);
  };
  return (
    <Radix.Root open={open} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className="animate-fade-in fixed inset-0 z-50 bg-black/40" />
        <Radix.Content className="bg-panel border-line shadow-pop animate-rise-in fixed z-50 flex flex-col gap-3 rounded-xl border p-5 outline-none max-sm:inset-x-2 max-sm:bottom-2 sm:top-[18vh] sm:left-1/2 sm:w-[26rem] sm:-translate-x-1/2">
          <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="text-muted">{children}</div>
          </Radix.Description>
          {typeToConfirm !== undefined && (
            <div className="flex flex-col gap-1">
              <label htmlFor={id} className="text-muted">
                Type <span className="text-ink font-mono">{typeToConfirm}</span> to confirm
              </label>
              <Input id={id} value={typed} onChange={(event) => setTyped(event.target.value)} className="font-mono" />
            </div>
          )}
          {run.isError && <Problem error={run.error} />}
          <div className="mt-1 flex justify-end gap-2">
            <Radix.Cancel asChild>
              <Button>Cancel</Button>
            </Radix.Cancel>
            <Button
              variant="danger"
              busy={run.isPending}
              disabled={typeToConfirm !== undefined && typed !== typeToConfirm}
              onClick={() => run.mutate()}
            >
              {action}
            </Button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
