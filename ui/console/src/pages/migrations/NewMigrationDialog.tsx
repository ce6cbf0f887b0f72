import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { applyMigration, rehearse } from "@/api/migrations";
import { type Place, placeOf } from "@/api/sql";
import { Button } from "@/components/Button";
import { CheckField } from "@/components/CheckField";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { Input } from "@/components/Input";
import { Problem } from "@/components/Problem";
import { SqlEditor } from "@/components/sql-editor/SqlEditor";
import { RehearsalReport } from "@/pages/migrations/RehearsalReport";
import { migrationNameProblem, nextVersion, versionProblem } from "@/pages/migrations/version";

interface NewMigrationDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  database: "sqlite" | "postgres";
  newest: string | undefined;
  onApplied: (name: string) => Promise<void>;
}

/** Writes a migration. It can be applied once a dry run of exactly this text has passed. */
export function NewMigrationDialog({ open, onOpenChange, database, newest, onApplied }: NewMigrationDialogProps) {
  const [version, setVersion] = useState("");
  const [name, setName] = useState("");
  const [sql, setSql] = useState("");
  const [accepted, setAccepted] = useState(false);
  const dry = useMutation({ mutationFn: rehearse });
  const apply = useMutation({
    mutationFn: () => applyMigration({ version, name, sql }),
    onSuccess: () => {
      onOpenChange(false);
      setName("");
      setSql("");
      return onApplied(name);
    },
  });
  const { reset: resetDry } = dry;
  const { reset: resetApply } = apply;
  useEffect(() => {
    if (!open) return;
    // Name and statements stay until they are applied: a click beside the dialog must not cost them.
    setVersion(nextVersion(newest, new Date()));
    setAccepted(false);
    resetDry();
    resetApply();
  }, [open, newest, resetDry, resetApply]);

  const tried = dry.data && dry.variables === sql ? dry.data : undefined;
  const passed = tried !== undefined && tried.error === null;
  const dangerous = tried?.level === "danger";
  const wrong = versionProblem(version, newest) ?? migrationNameProblem(name);
  const change = (next: string): void => {
    setSql(next);
    setAccepted(false);
  };
  const problem: Place | undefined =
    tried && tried.line !== null && tried.column !== null ? { line: tried.line, column: tried.column } : apply.isError ? placeOf(apply.error) : undefined;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New migration"
      size="wide"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant={passed ? "secondary" : "primary"} busy={dry.isPending} disabled={sql.trim() === ""} onClick={() => dry.mutate(sql)}>
            Dry run
          </Button>
          <Button
            variant={passed ? (dangerous ? "danger" : "primary") : "secondary"}
            busy={apply.isPending}
            disabled={!passed || wrong !== undefined || (dangerous && !accepted)}
            onClick={() => apply.mutate()}
          >
            Apply migration
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" hint="Lower-case letters, digits and dashes, for example add-orders." error={name === "" ? undefined : migrationNameProblem(name)}>
            {(control) => <Input {...control} autoFocus value={name} onChange={(event) => setName(event.target.value)} className="font-mono" />}
          </Field>
          <Field label="Version" hint="Migrations are applied in the order of their versions." error={versionProblem(version, newest)}>
            {(control) => (
              <Input {...control} inputMode="numeric" value={version} onChange={(event) => setVersion(event.target.value)} className="tnum font-mono" />
            )}
          </Field>
        </div>
        <div className="border-field focus-within:border-focus h-56 overflow-hidden rounded-md border">
          <SqlEditor
            label="Statements of the migration"
            value={sql}
            onChange={change}
            onRun={() => sql.trim() !== "" && dry.mutate(sql)}
            database={database}
            problem={problem}
          />
        </div>
        {dry.isError && <Problem error={dry.error} />}
        {apply.isError && <Problem error={apply.error} />}
        {tried ? (
          <RehearsalReport rehearsal={tried} />
        ) : (
          <p className="text-muted">A dry run carries the statements out and undoes them. After one that passes, the migration can be applied.</p>
        )}
        {passed && dangerous && (
          <CheckField label="I have a backup, or can lose what this deletes" checked={accepted} onChange={setAccepted} />
        )}
      </div>
    </Dialog>
  );
}
