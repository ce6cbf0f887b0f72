import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ListChecks, Plus } from "lucide-react";
import { useState } from "react";
import { migrationsQuery } from "@/api/migrations";
import { conditionsQuery } from "@/api/sql";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { SkeletonRows } from "@/components/SkeletonRows";
import { toast } from "@/components/toasts";
import { plural } from "@/format/number";
import { useShortcuts } from "@/keyboard/shortcuts";
import { MigrationsList } from "@/pages/migrations/MigrationsList";
import { NewMigrationDialog } from "@/pages/migrations/NewMigrationDialog";

export function MigrationsPage() {
  const queryClient = useQueryClient();
  const migrations = useQuery(migrationsQuery);
  const database = useQuery(conditionsQuery).data?.database ?? "sqlite";
  const [writing, setWriting] = useState(false);
  useShortcuts({ n: () => setWriting(true) });
  const create = (
    <Button variant="primary" onClick={() => setWriting(true)}>
      <Plus aria-hidden /> New migration
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Migrations"
        detail={migrations.data && <span className="tnum">{plural(migrations.data.length, "migration")} applied</span>}
        actions={create}
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-auto">
        {migrations.isPending ? (
          <SkeletonRows label="Loading the migrations" />
        ) : migrations.isError ? (
          <ErrorState title="The migrations could not be read" error={migrations.error} onRetry={() => void migrations.refetch()} />
        ) : migrations.data.length === 0 ? (
          <EmptyState icon={ListChecks} title="No migrations yet" actions={create}>
            A migration is SQL that changes tables, applied once, in order, and kept on record. It is tried before anything changes.
          </EmptyState>
        ) : (
          <MigrationsList migrations={migrations.data} />
        )}
      </div>
      <NewMigrationDialog
        open={writing}
        onOpenChange={setWriting}
        database={database}
        newest={migrations.data?.[0]?.version}
        onApplied={async (name) => {
          toast("ok", `Migration ${name} is applied.`);
          // It may have changed anything that the console shows of the data.
          await queryClient.invalidateQueries();
        }}
      />
    </>
  );
}
