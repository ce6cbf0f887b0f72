import { Braces, Database, Download, FileArchive, FileSpreadsheet } from "lucide-react";
import { download, exportAddress, type ExportFormat } from "@/api/exports";
import { Button } from "@/components/Button";
import { Menu } from "@/components/Menu";
import { toast } from "@/components/toasts";

/** One table, or all of them, as a file. */
export function ExportMenu({ table }: { table?: string }) {
  const start = (format: ExportFormat): void => {
    download(exportAddress(format, table));
    toast("ok", "The export is on its way to your downloads.");
  };
  return (
    <Menu
      trigger={
        <Button>
          <Download aria-hidden /> Export
        </Button>
      }
      heading={table === undefined ? "Every table, with all of its rows" : "All rows, whatever the filters show"}
      items={[
        table === undefined
          ? { label: "CSV files in a ZIP", icon: <FileArchive aria-hidden />, onSelect: () => start("csv") }
          : { label: "CSV", icon: <FileSpreadsheet aria-hidden />, onSelect: () => start("csv") },
        { label: "JSON", icon: <Braces aria-hidden />, onSelect: () => start("json") },
        { label: "SQL, with structure and policies", icon: <Database aria-hidden />, onSelect: () => start("sql") },
      ]}
    />
  );
}
