import { CheckField } from "@/components/CheckField";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import type { Draft, problemsOf } from "@/pages/tables/events/draft";

interface DestinationProps {
  draft: Draft;
  problems: ReturnType<typeof problemsOf>;
  onChange: (part: Partial<Draft>) => void;
}

/** Where events go: a channel, a webhook, or both. */
export function Destination({ draft, problems, onChange }: DestinationProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-2 font-semibold">Where they go</legend>
      <CheckField label="To a channel" checked={draft.toChannel} onChange={(toChannel) => onChange({ toChannel })} />
      {draft.toChannel && (
        <div className="pl-6.5">
          <Field label="Channel" error={problems.channel}>
            {(control) => (
              <Input {...control} value={draft.channel} onChange={(event) => onChange({ channel: event.target.value })} className="font-mono" />
            )}
          </Field>
        </div>
      )}
      <CheckField label="To a webhook" checked={draft.toWebhook} onChange={(toWebhook) => onChange({ toWebhook })} />
      {draft.toWebhook && (
        <div className="pl-6.5">
          <Field label="Address" error={draft.webhookUrl === "" ? undefined : problems.webhookUrl} hint="An https address that takes a POST.">
            {(control) => (
              <Input
                {...control}
                type="url"
                inputMode="url"
                placeholder="https://example.org/hooks/orders"
                value={draft.webhookUrl}
                onChange={(event) => onChange({ webhookUrl: event.target.value.trim() })}
                className="font-mono"
              />
            )}
          </Field>
        </div>
      )}
      {problems.to && (
        <p role="alert" className="text-bad text-xs">
          {problems.to}
        </p>
      )}
      <p className="text-muted text-xs">
        Today events are recorded, and your servers can read them at <code className="font-mono">/api/database/changes</code>. Channels and
        webhooks get them once realtime is here.
      </p>
    </fieldset>
  );
}
