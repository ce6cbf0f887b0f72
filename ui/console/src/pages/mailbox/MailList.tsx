import type { MailSummary } from "@/api/mailbox";
import { cx } from "@/components/cx";
import { Moment } from "@/components/Moment";

interface MailListProps {
  mails: MailSummary[];
  openId: string | undefined;
  onOpen: (id: string) => void;
}

export function MailList({ mails, openId, onOpen }: MailListProps) {
  const onKeyDown = (event: React.KeyboardEvent<HTMLUListElement>): void => {
    const step = event.key === "ArrowDown" || event.key === "j" ? 1 : event.key === "ArrowUp" || event.key === "k" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
  };
  return (
    <ul onKeyDown={onKeyDown} className="thin-scroll min-h-0 flex-1 overflow-y-auto">
      {mails.map((mail) => (
        <li key={mail.id}>
          <button
            type="button"
            aria-current={mail.id === openId ? "true" : undefined}
            onClick={() => onOpen(mail.id)}
            className={cx(
              "border-line block w-full border-b px-4 py-2.5 text-left transition-colors focus-visible:-outline-offset-2",
              mail.id === openId ? "bg-selected" : "hover:bg-hover",
            )}
          >
            <span className="flex items-baseline gap-3">
              <span className="min-w-0 flex-1 truncate font-medium">{mail.to.join(", ")}</span>
              <span className="text-faint tnum shrink-0 text-xs">
                <Moment at={mail.createdAt} />
              </span>
            </span>
            <span className="text-muted block truncate">{mail.subject || "(no subject)"}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
