import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "@/components/cx";
import { IconButton } from "@/components/IconButton";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** Wide dialogs hold tables; `drawer` ones slide in from the right, full height. */
  size?: "normal" | "wide" | "drawer" | "drawer-wide";
  footer?: ReactNode;
  children?: ReactNode;
  /** When set, the dialog's content is a form submitted by Enter. */
  onSubmit?: () => void;
  /** For content with nothing to focus, which could otherwise not be scrolled from the keyboard. */
  focusableBody?: boolean;
}

const SIZES = {
  normal: "max-sm:inset-x-2 max-sm:bottom-2 sm:top-[12vh] sm:left-1/2 sm:w-[30rem] sm:-translate-x-1/2 max-h-[80dvh] rounded-xl animate-rise-in",
  wide: "max-sm:inset-x-2 max-sm:bottom-2 sm:top-[7vh] sm:left-1/2 sm:w-[min(54rem,calc(100vw-3rem))] sm:-translate-x-1/2 max-h-[86dvh] rounded-xl animate-rise-in",
  drawer: "inset-y-0 right-0 w-full sm:w-[30rem] sm:border-l animate-slide-in",
  "drawer-wide": "inset-y-0 right-0 w-full sm:w-[min(44rem,calc(100vw-3rem))] sm:border-l animate-slide-in",
};

export function Dialog({ open, onOpenChange, title, description, size = "normal", footer, children, onSubmit, focusableBody }: DialogProps) {
  const body = (
    <>
      <div tabIndex={focusableBody ? 0 : undefined} className="thin-scroll min-h-0 flex-1 overflow-y-auto px-5 py-4 focus-visible:-outline-offset-2">
        {children}
      </div>
      {footer && <div className="border-line flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">{footer}</div>}
    </>
  );
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="animate-fade-in fixed inset-0 z-40 bg-black/40" />
        <Radix.Content
          className={cx("bg-panel border-line shadow-pop fixed z-40 flex flex-col border outline-none", SIZES[size])}
          // Fields with autoFocus have the focus already; otherwise the dialog takes it, not its close button.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <div className="border-line flex items-start justify-between gap-3 border-b py-3 pr-3 pl-5">
            <div className="min-w-0 py-1">
              <Radix.Title className="truncate text-base font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="text-muted mt-0.5">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close">
                <X />
              </IconButton>
            </Radix.Close>
          </div>
          {onSubmit ? (
            <form
              noValidate
              className="flex min-h-0 flex-1 flex-col"
              onSubmit={(event) => {
                event.preventDefault();
                event.stopPropagation();
                onSubmit();
              }}
            >
              {body}
            </form>
          ) : (
            body
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
