import { useMemo } from "react";
import { mailDocument } from "@/pages/mailbox/mail-document";

/** A message's HTML where it can do nothing: no scripts, no forms, no links out, no same origin. */
export function HtmlMail({ html }: { html: string }) {
  const source = useMemo(() => {
    const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
    return mailDocument(html, nonce);
  }, [html]);
  return <iframe title="The message as HTML" sandbox="" srcDoc={source} className="border-line h-full w-full rounded-lg border bg-white" />;
}
