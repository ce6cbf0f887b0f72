import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { pathOf, request } from "@/api/client";

export interface MailSummary {
  id: string;
  to: string[];
  from: string;
  subject: string;
  createdAt: string;
}

export interface Mail extends MailSummary {
  text?: string | null;
  html?: string | null;
}

export interface MailsPage {
  mails: MailSummary[];
  total: number;
}

export function mailsQuery(ask: { search: string; limit: number; offset: number }) {
  return queryOptions({
    queryKey: ["mails", ask],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ limit: String(ask.limit), offset: String(ask.offset) });
      if (ask.search !== "") params.set("search", ask.search);
      return request<MailsPage>(`/mailbox?${params}`, { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });
}

export function mailQuery(id: string) {
  return queryOptions({
    queryKey: ["mail", id],
    queryFn: ({ signal }) => request<Mail>(pathOf("mailbox", id), { signal }),
    staleTime: Infinity,
  });
}

export function emptyMailbox(): Promise<void> {
  return request("/mailbox", { method: "DELETE" });
}
