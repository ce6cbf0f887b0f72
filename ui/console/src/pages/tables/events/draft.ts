import { EVENT_KINDS, type EventKind, type NewPublication, type Publication } from "@/api/change-events";

/** What the form of change events holds. */
export interface Draft {
  events: EventKind[];
  toChannel: boolean;
  channel: string;
  toWebhook: boolean;
  webhookUrl: string;
  /** Nothing shows all columns, also those that come later. */
  columns: string[] | null;
  condition: string;
}

/** The channel that events go to when nobody names one. */
export function usualChannel(table: string): string {
  return `table:${table}`;
}

/** The form as it stands on the server; without a publication everything is off. */
export function draftOf(publication: Publication | null, table: string): Draft {
  return {
    events: publication?.events ?? [],
    toChannel: publication ? publication.channel !== null : true,
    channel: publication?.channel ?? usualChannel(table),
    toWebhook: publication ? publication.webhookUrl !== null : false,
    webhookUrl: publication?.webhookUrl ?? "",
    columns: publication?.columns ?? null,
    condition: publication?.condition ?? "",
  };
}

export function withEvent(draft: Draft, kind: EventKind, on: boolean): Draft {
  return { ...draft, events: EVENT_KINDS.filter((known) => (known === kind ? on : draft.events.includes(known))) };
}

/** What keeps a draft from being saved, by the field it belongs to. */
export function problemsOf(draft: Draft): { channel?: string; webhookUrl?: string; to?: string; columns?: string } {
  if (draft.events.length === 0) return {};
  return {
    ...(draft.toChannel && !/^[\p{L}\p{N}\-_:./]{1,255}$/u.test(draft.channel)
      ? { channel: "A channel's name is made of letters, digits, -, _, :, . and /" }
      : {}),
    ...(draft.toWebhook && !/^https?:\/\/[^/?#:@\\\s][^@\\\s]*$/.test(draft.webhookUrl)
      ? { webhookUrl: "Type an address that begins with https:// or http://" }
      : {}),
    ...(!draft.toChannel && !draft.toWebhook ? { to: "Events need a channel or a webhook to go to." } : {}),
    ...(draft.columns?.length === 0 ? { columns: "Choose at least one column." } : {}),
  };
}

/** What is sent to the server; nothing when every event is off. */
export function publicationOf(draft: Draft): NewPublication | undefined {
  if (draft.events.length === 0) return undefined;
  return {
    events: draft.events,
    ...(draft.toChannel ? { channel: draft.channel } : {}),
    ...(draft.toWebhook ? { webhookUrl: draft.webhookUrl } : {}),
    ...(draft.columns ? { columns: draft.columns } : {}),
    ...(draft.condition.trim() === "" ? {} : { condition: draft.condition.trim() }),
  };
}

/** Whether saving would change anything. */
export function differs(draft: Draft, publication: Publication | null, table: string): boolean {
  return JSON.stringify(publicationOf(draft)) !== JSON.stringify(publicationOf(draftOf(publication, table)));
}
