import type { MadeKey } from "@/api/access-keys";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";

/** The one time that a secret is shown. */
export function MadeKeyNotice({ made, onDone }: { made: MadeKey; onDone: () => void }) {
  const rows = [
    ["Access key id", made.accessKeyId],
    ["Secret access key", made.secretAccessKey],
  ] as const;
  return (
    <section aria-label="The new access key" className="border-accent bg-panel rounded-lg border">
      <div className="border-line flex flex-wrap items-center justify-between gap-3 border-b px-4 py-2.5">
        <p role="status">
          <strong className="font-semibold">Copy the secret now.</strong> It is not shown again.
        </p>
        <Button onClick={onDone}>I have copied it</Button>
      </div>
      <dl className="divide-line divide-y">
        {rows.map(([label, value]) => (
          <div key={label} className="flex min-h-11 flex-wrap items-center gap-x-3 px-4 py-1">
            <dt className="text-muted w-36 shrink-0">{label}</dt>
            <dd className="flex min-w-0 flex-1 items-center gap-1">
              <code className="min-w-0 flex-1 font-mono text-xs wrap-anywhere">{value}</code>
              <CopyButton text={value} label={`Copy the ${label.toLowerCase()}`} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
