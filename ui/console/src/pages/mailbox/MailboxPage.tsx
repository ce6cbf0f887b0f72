import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Mail, MailOpen, Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { emptyMailbox, mailsQuery } from "@/api/mailbox";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { cx } from "@/components/cx";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { Pagination } from "@/components/Pagination";
import { SearchInput } from "@/components/SearchInput";
import { SkeletonRows } from "@/components/SkeletonRows";
import { toast } from "@/components/toasts";
import { MailList } from "@/pages/mailbox/MailList";
import { MailView } from "@/pages/mailbox/MailView";

const LIMIT = 50;

export function MailboxPage() {
  const { search = "", page = 1, mail } = useSearch({ from: "/shell/mailbox" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [emptying, setEmptying] = useState(false);
  const offset = (page - 1) * LIMIT;
  const mails = useQuery(mailsQuery({ search, limit: LIMIT, offset }));
  const onSearch = useCallback(
    (next: string) => void navigate({ to: "/mailbox", search: next === "" ? {} : { search: next }, replace: true }),
    [navigate],
  );
  const kept = { ...(search ? { search } : {}), ...(page > 1 ? { page } : {}) };
  const open = (id?: string): void => void navigate({ to: "/mailbox", search: { ...kept, ...(id ? { mail: id } : {}) } });
  const empty = async (): Promise<void> => {
    await emptyMailbox();
    toast("ok", "The mailbox is empty.");
    open();
    await queryClient.invalidateQueries({ queryKey: ["mails"] });
  };

  const list = mails.data?.mails ?? [];
  return (
    <>
      <PageHeader
        title="Mailbox"
        detail={<span className="hidden md:inline">What your product sent, while no mail service is set</span>}
        actions={
          <>
            <SearchInput label="Search mail" value={search} onChange={onSearch} className="w-48" />
            <Button disabled={list.length === 0} onClick={() => setEmptying(true)}>
              <Trash2 aria-hidden /> Empty
            </Button>
          </>
        }
      />
      {mails.isPending ? (
        <SkeletonRows label="Loading the mail" />
      ) : mails.isError ? (
        <ErrorState title="The mailbox could not be read" error={mails.error} onRetry={() => void mails.refetch()} />
      ) : list.length === 0 ? (
        <EmptyState
          icon={Mail}
          title={search ? `No mail matches “${search}”` : "No mail yet"}
          actions={search && <Button onClick={() => onSearch("")}>Show all mail</Button>}
        >
          {!search && "Verification codes, password resets and everything else your product sends lands here, and nowhere else."}
        </EmptyState>
      ) : (
        <div className="flex min-h-0 flex-1">
          <section
            aria-label="Messages"
            className={cx("border-line flex min-h-0 w-full flex-col md:w-80 md:shrink-0 md:border-r xl:w-96", mail && "max-md:hidden")}
          >
            <MailList mails={list} openId={mail} onOpen={open} />
            <Pagination
              offset={offset}
              limit={LIMIT}
              total={mails.data.total}
              noun="message"
              onOffset={(next) => void navigate({ to: "/mailbox", search: { ...kept, page: next / LIMIT + 1 } })}
            />
          </section>
          <section aria-label="Message" className={cx("min-h-0 min-w-0 flex-1", !mail && "max-md:hidden")}>
            {mail ? <MailView id={mail} onBack={() => open()} /> : <EmptyState icon={MailOpen} title="Choose a message to read it" />}
          </section>
        </div>
      )}
      <ConfirmDialog open={emptying} onOpenChange={setEmptying} title="Empty the mailbox?" action="Delete all messages" onConfirm={empty}>
        Every stored message is deleted for good, those on other pages too.
      </ConfirmDialog>
    </>
  );
}
