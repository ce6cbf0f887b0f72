import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createLink, type StoredObject } from "@/api/buckets";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Problem } from "@/components/Problem";
import { Select } from "@/components/Select";
import { formatMoment } from "@/format/time";

const HOUR = 3_600;
const LIFETIMES = [
  { value: String(HOUR / 4), label: "15 minutes" },
  { value: String(HOUR), label: "1 hour" },
  { value: String(24 * HOUR), label: "1 day" },
  { value: String(7 * 24 * HOUR), label: "7 days, the longest" },
];

/** A link to a private file, for as long as is chosen. */
export function LinkDialog({ bucket, object, onClose }: { bucket: string; object: StoredObject | undefined; onClose: () => void }) {
  const [lifetime, setLifetime] = useState(String(HOUR));
  const link = useMutation({ mutationFn: (key: string) => createLink(bucket, key, Number(lifetime)) });
  const { reset } = link;
  useEffect(() => {
    if (!object) return;
    setLifetime(String(HOUR));
    reset();
  }, [object, reset]);
  return (
    <Dialog
      open={object !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title="Signed link"
      description={<span className="font-mono text-xs wrap-anywhere">{object?.key}</span>}
      onSubmit={() => object && link.mutate(object.key)}
      footer={
        <>
          <Button onClick={onClose}>{link.data ? "Done" : "Cancel"}</Button>
          <Button variant={link.data ? "secondary" : "primary"} type="submit" busy={link.isPending}>
            {link.data ? "Make another" : "Make link"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {link.isError && <Problem error={link.error} />}
        <Field label="Good for" hint="Whoever has the link reads this file until then, without signing in. It cannot be called back.">
          {(control) => (
            <Select
              {...control}
              autoFocus
              options={LIFETIMES}
              value={lifetime}
              onChange={(event) => {
                setLifetime(event.target.value);
                reset();
              }}
            />
          )}
        </Field>
        {link.data && (
          <Field label="Link" hint={`Good until ${formatMoment(link.data.expiresAt)}.`} aside={<CopyButton text={link.data.url} label="Copy the link" />}>
            {(control) => <Input {...control} readOnly value={link.data.url} onFocus={(event) => event.target.select()} className="font-mono text-xs" />}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
