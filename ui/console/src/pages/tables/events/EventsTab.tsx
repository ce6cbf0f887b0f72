import { useQuery } from "@tanstack/react-query";
import { publicationQuery } from "@/api/change-events";
import type { Table } from "@/api/tables";
import { ErrorState } from "@/components/ErrorState";
import { SkeletonRows } from "@/components/SkeletonRows";
import { ChangesList } from "@/pages/tables/events/ChangesList";
import { PublicationForm } from "@/pages/tables/events/PublicationForm";

/** Which changes of a table are recorded and where they go, and what was recorded. */
export function EventsTab({ table }: { table: Table }) {
  const publication = useQuery(publicationQuery(table.name));
  if (publication.isPending) return <SkeletonRows label="Loading the change events" />;
  if (publication.isError) {
    return <ErrorState title="The change events could not be read" error={publication.error} onRetry={() => void publication.refetch()} />;
  }
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-6 p-4 sm:p-6">
      <PublicationForm key={publication.data?.createdAt ?? "off"} table={table} publication={publication.data} />
      <ChangesList table={table} recording={publication.data?.recording ?? false} />
    </div>
  );
}
