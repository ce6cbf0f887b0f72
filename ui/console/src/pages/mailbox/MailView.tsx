import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { Tabs } from "radix-ui";
import { mailQuery } from "@/api/mailbox";
import { ErrorState } from "@/components/ErrorState";
import { IconButton } from "@/components/IconButton";
import { SkeletonRows } from "@/components/SkeletonRows";
import { TabList } from "@/components/TabList";
import { formatMoment } from "@/format/time";
import { HtmlMail } from "@/pages/mailbox/HtmlMail";

export function MailView({ id, onBack }: { id: string; onBack: () => void }) {
  const query = useQuery(mailQuery(id));
  if (query.isPending) return <SkeletonRows rows={4} label="Loading the message" />;
  if (query.isError) return <ErrorState title="This message could not be read" error={query.error} onRetry={() => void query.refetch()} />;
  const mail = query.data;
  const tabs = [
    ...(mail.html ? [{ value: "html", label: "Message" }] : []),
    ...(mail.text ? [{ value: "text", label: "Text" }] : []),
  ];
  return (
    <article className="flex h-full min-h-0 flex-col">
      <header className="border-line flex items-start gap-2 border-b px-4 pt-3 pb-3 sm:px-6">
        <IconButton label="Back to the list" onClick={onBack} className="-ml-2 md:hidden">
          <ArrowLeft />
        </IconButton>
        <div className="min-w-0 flex-1">
          <h2 className="text-base font-semibold wrap-anywhere">{mail.subject || "(no subject)"}</h2>
          <p className="text-muted wrap-anywhere">
            To <span className="text-ink">{mail.to.join(", ")}</span> from {mail.from}
          </p>
        </div>
        <time dateTime={mail.createdAt} className="text-faint tnum shrink-0 pt-0.5 text-xs">
          {formatMoment(mail.createdAt)}
        </time>
      </header>
      {tabs.length === 0 ? (
        <p className="text-muted p-6">This message has no body.</p>
      ) : (
        <Tabs.Root key={mail.id} defaultValue={tabs[0]?.value ?? ""} className="flex min-h-0 flex-1 flex-col">
          <TabList label="Forms of the message" tabs={tabs} className="px-4 sm:px-6" />
          {mail.html && (
            <Tabs.Content value="html" className="min-h-0 flex-1 p-4 sm:p-6">
              <HtmlMail html={mail.html} />
            </Tabs.Content>
          )}
          {mail.text && (
            <Tabs.Content value="text" className="thin-scroll min-h-0 flex-1 overflow-auto p-4 sm:p-6">
              <pre className="font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">{mail.text}</pre>
            </Tabs.Content>
          )}
        </Tabs.Root>
      )}
    </article>
  );
}
