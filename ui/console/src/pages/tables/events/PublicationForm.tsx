import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { EVENT_KINDS, type Publication, publicationQuery, publish, withdraw } from "@/api/change-events";
import type { Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { Problem } from "@/components/Problem";
import { toast } from "@/components/toasts";
import { Destination } from "@/pages/tables/events/Destination";
import { type Draft, differs, draftOf, problemsOf, publicationOf, withEvent } from "@/pages/tables/events/draft";
import { Scope } from "@/pages/tables/events/Scope";
import { SwitchField } from "@/pages/tables/events/SwitchField";

const KINDS = {
  INSERT: { label: "Inserts", hint: "Every row that comes" },
  UPDATE: { label: "Updates", hint: "Every row that changes, before and after" },
  DELETE: { label: "Deletes", hint: "Every row that goes" },
};

export function PublicationForm({ table, publication }: { table: Table; publication: Publication | null }) {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => draftOf(publication, table.name));
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const save = useMutation({
    mutationFn: async (): Promise<void> => {
      const wanted = publicationOf(draft);
      if (wanted) await publish(table.name, wanted);
      else await withdraw(table.name);
    },
    onSuccess: async () => {
      toast("ok", draft.events.length > 0 ? "Changes are recorded from now on." : "Changes are no longer recorded.");
      await queryClient.invalidateQueries({ queryKey: publicationQuery(table.name).queryKey });
    },
  });
  const problems = problemsOf(draft);
  const on = draft.events.length > 0;
  const dirty = differs(draft, publication, table.name);
  const lost = publication !== null && !publication.recording;
  return (
    <form
      noValidate
      aria-label="Change events"
      className="border-line bg-panel rounded-lg border"
      onSubmit={(event) => {
        event.preventDefault();
        if ((dirty || lost) && Object.keys(problems).length === 0) save.mutate();
      }}
    >
      <h2 className="border-line border-b px-4 py-3 text-base font-semibold">Publish changes</h2>
      {lost && (
        <Notice tone="warn" className="m-4 mb-0">
          Nothing is recorded: SQL by hand dropped or disabled the triggers of this table. Save to put them back.
        </Notice>
      )}
      <div className="divide-line grid divide-y sm:grid-cols-3 sm:divide-x sm:divide-y-0">
        {EVENT_KINDS.map((kind) => (
          <SwitchField
            key={kind}
            label={KINDS[kind].label}
            hint={KINDS[kind].hint}
            checked={draft.events.includes(kind)}
            onChange={(checked) => setDraft(withEvent(draft, kind, checked))}
          />
        ))}
      </div>
      {on && (
        <div className="border-line grid gap-x-8 gap-y-5 border-t p-4 lg:grid-cols-2">
          <Destination draft={draft} problems={problems} onChange={set} />
          <Scope table={table} draft={draft} problem={problems.columns} onChange={set} />
        </div>
      )}
      {save.isError && (
        <div className="px-4 pb-4">
          <Problem error={save.error} />
        </div>
      )}
      {(dirty || lost) && (
        <div className="border-line flex flex-wrap items-center justify-end gap-2 border-t px-4 py-3">
          <p role="status" className="text-muted mr-auto">
            {on ? "Not saved yet" : "Saving switches the events off; what was recorded stays."}
          </p>
          {dirty && (
            <Button
              onClick={() => {
                setDraft(draftOf(publication, table.name));
                save.reset();
              }}
            >
              Discard
            </Button>
          )}
          <Button type="submit" variant="primary" busy={save.isPending} disabled={Object.keys(problems).length > 0}>
            Save
          </Button>
        </div>
      )}
    </form>
  );
}
