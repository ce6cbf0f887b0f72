import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Table2 } from "lucide-react";
import { Tabs } from "radix-ui";
import { ApiError } from "@/api/client";
import { tableQuery } from "@/api/tables";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { SkeletonRows } from "@/components/SkeletonRows";
import { TabList } from "@/components/TabList";
import { DataTab } from "@/pages/tables/DataTab";
import { EventsTab } from "@/pages/tables/events/EventsTab";
import type { TableTab } from "@/pages/tables/grid-search";
import { IndexesTab } from "@/pages/tables/indexes/IndexesTab";
import { PoliciesTab } from "@/pages/tables/policies/PoliciesTab";
import { RelationsTab } from "@/pages/tables/relations/RelationsTab";
import { SecurityBadge } from "@/pages/tables/SecurityBadge";
import { StructureTab } from "@/pages/tables/structure/StructureTab";
import { TableActions } from "@/pages/tables/TableActions";

const TABS = [
  { value: "data", label: "Data" },
  { value: "structure", label: "Structure" },
  { value: "relations", label: "Relations" },
  { value: "indexes", label: "Indexes" },
  { value: "policies", label: "Policies" },
  { value: "events", label: "Events" },
];

export function TablePage() {
  const { table: name } = useParams({ from: "/shell/tables/$table" });
  const { tab = "data", ...kept } = useSearch({ from: "/shell/tables/$table" });
  const navigate = useNavigate();
  const query = useQuery(tableQuery(name));
  const table = query.data;
  const show = (next: string): void =>
    void navigate({
      to: "/tables/$table",
      params: { table: name },
      search: next === "data" ? kept : { ...kept, tab: next as TableTab },
    });
  return (
    <Tabs.Root key={name} value={tab} onValueChange={show} className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={
          <>
            <Link to="/tables" className="text-muted hover:text-ink font-normal">
              Tables
            </Link>
            <span aria-hidden className="text-faint font-normal">
              /
            </span>
            <span className="truncate">{name}</span>
          </>
        }
        detail={table && <SecurityBadge rowSecurity={table.rowSecurity} policies={table.policies.length} />}
        actions={table && <TableActions table={table} />}
      />
      {table ? (
        <>
          <TabList label="Parts of the table" tabs={TABS} className="bg-panel shrink-0 px-4 sm:px-6" />
          <Tabs.Content value="data" className="flex min-h-0 flex-1 flex-col outline-none" tabIndex={-1}>
            <DataTab table={table} />
          </Tabs.Content>
          <Tabs.Content value="structure" className="thin-scroll min-h-0 flex-1 overflow-auto">
            <StructureTab table={table} />
          </Tabs.Content>
          <Tabs.Content value="relations" className="thin-scroll min-h-0 flex-1 overflow-auto">
            <RelationsTab table={table} />
          </Tabs.Content>
          <Tabs.Content value="indexes" className="thin-scroll min-h-0 flex-1 overflow-auto">
            <IndexesTab table={table} />
          </Tabs.Content>
          <Tabs.Content value="policies" className="thin-scroll min-h-0 flex-1 overflow-auto">
            <PoliciesTab table={table} />
          </Tabs.Content>
          <Tabs.Content value="events" className="thin-scroll min-h-0 flex-1 overflow-auto">
            <EventsTab table={table} />
          </Tabs.Content>
        </>
      ) : query.error instanceof ApiError && query.error.status === 404 ? (
        <EmptyState icon={Table2} title={`There is no table ${name}`} actions={<Button onClick={() => void navigate({ to: "/tables" })}>All tables</Button>}>
          It may have been renamed or deleted.
        </EmptyState>
      ) : query.isError ? (
        <ErrorState title="This table could not be read" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows rows={12} label="Loading the table" />
      )}
    </Tabs.Root>
  );
}
