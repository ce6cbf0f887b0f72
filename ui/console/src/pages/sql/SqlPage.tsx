import { useQuery } from "@tanstack/react-query";
import { conditionsQuery } from "@/api/sql";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { SkeletonRows } from "@/components/SkeletonRows";
import { Workspace } from "@/pages/sql/Workspace";

const NAMES = { sqlite: "SQLite", postgres: "PostgreSQL" };

export function SqlPage() {
  const conditions = useQuery(conditionsQuery);
  if (conditions.data) return <Workspace conditions={conditions.data} database={NAMES[conditions.data.database]} />;
  return (
    <>
      <PageHeader title="SQL" />
      {conditions.isError ? (
        <ErrorState title="The database could not be asked" error={conditions.error} onRetry={() => void conditions.refetch()} />
      ) : (
        <SkeletonRows label="Loading the editor" />
      )}
    </>
  );
}
