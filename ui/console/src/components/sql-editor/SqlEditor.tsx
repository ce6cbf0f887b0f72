import { lazy, Suspense } from "react";
import { Skeleton } from "@/components/Skeleton";
import type { CodeEditorProps } from "@/components/sql-editor/CodeEditor";

const CodeEditor = lazy(async () => ({ default: (await import("@/components/sql-editor/CodeEditor")).CodeEditor }));

/** An editor for SQL; its code is fetched when the first one is shown. */
export function SqlEditor(props: CodeEditorProps) {
  return (
    <Suspense
      fallback={
        <div role="status" aria-label="Loading the editor" className="flex h-full flex-col gap-3 p-4">
          <Skeleton className="h-3 w-1/3" />
          <Skeleton className="h-3 w-1/2" />
        </div>
      }
    >
      <CodeEditor {...props} />
    </Suspense>
  );
}
