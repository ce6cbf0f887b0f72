import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FileUp, Plus, Table2 } from "lucide-react";
import { useState } from "react";
import { tablesQuery } from "@/api/tables";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { ExportMenu } from "@/components/ExportMenu";
import { PageHeader } from "@/components/PageHeader";
import { SearchInput } from "@/components/SearchInput";
import { SkeletonRows } from "@/components/SkeletonRows";
import { plural } from "@/format/number";
import { useShortcuts } from "@/keyboard/shortcuts";
import { CreateTableDialog } from "@/pages/tables/create/CreateTableDialog";
import { ImportDialog } from "@/pages/tables/import/ImportDialog";
import { TablesList } from "@/pages/tables/TablesList";

export function TablesPage() {
  const tables = useQuery(tablesQuery);
  const { action } = useSearch({ from: "/shell/tables" });
  const navigate = useNavigate();
  const [search, setSearch] = useState("");
  const [dropped, setDropped] = useState<File>();
  const open = (next?: "create" | "import", file?: File): void => {
    // Kept while the dialog closes, which would otherwise empty itself in front of the reader.
    if (next) setDropped(file);
    void navigate({ to: "/tables", search: next ? { action: next } : {}, replace: true });
  };
  useShortcuts({ n: () => open("create") });

  const all = tables.data ?? [];
  const shown = all.filter((table) => table.name.toLowerCase().includes(search.toLowerCase()));
  return (
    <>
      <PageHeader
        title="Tables"
        detail={tables.data && <span className="tnum">{plural(all.length, "table")}</span>}
        actions={
          <>
            {all.length > 0 && <SearchInput label="Find a table" value={search} onChange={setSearch} delay={0} className="w-44" />}
            <Button onClick={() => open("import")}>
              <FileUp aria-hidden /> Import file
            </Button>
            {all.length > 0 && <ExportMenu />}
            <Button variant="primary" onClick={() => open("create")}>
              <Plus aria-hidden /> New table
            </Button>
          </>
        }
      />
      <div
        className="thin-scroll min-h-0 flex-1 overflow-auto"
        onDrop={(event) => {
          event.preventDefault();
          const [file] = event.dataTransfer.files;
          if (file) open("import", file);
        }}
      >
        {tables.isPending ? (
          <SkeletonRows label="Loading the tables" />
        ) : tables.isError ? (
          <ErrorState title="The tables could not be read" error={tables.error} onRetry={() => void tables.refetch()} />
        ) : all.length === 0 ? (
          <EmptyState
            icon={Table2}
            title="No tables yet"
            actions={
              <>
                <Button onClick={() => open("import")}>
                  <FileUp aria-hidden /> Import file
                </Button>
                <Button variant="primary" onClick={() => open("create")}>
                  <Plus aria-hidden /> New table
                </Button>
              </>
            }
          >
            A table is an API as soon as it exists. Create one by hand, or drop in a CSV or JSON file and its columns are made for you.
          </EmptyState>
        ) : shown.length === 0 ? (
          <EmptyState icon={Table2} title={`No table is called “${search}”`} actions={<Button onClick={() => setSearch("")}>Show all</Button>} />
        ) : (
          <TablesList tables={shown} />
        )}
      </div>
      <CreateTableDialog open={action === "create"} onOpenChange={(isOpen) => open(isOpen ? "create" : undefined)} />
      <ImportDialog
        open={action === "import"}
        file={dropped}
        onOpenChange={(isOpen) => open(isOpen ? "import" : undefined)}
      />
    </>
  );
}
