import { useQuery } from "@tanstack/react-query";
import { Braces } from "lucide-react";
import { useState } from "react";
import { type Variable, variablesQuery } from "@/api/variables";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { SearchInput } from "@/components/SearchInput";
import { Select } from "@/components/Select";
import { SkeletonRows } from "@/components/SkeletonRows";
import { plural } from "@/format/number";
import { groupVariables, isSet } from "@/pages/variables/grouping";
import { VariableGroup } from "@/pages/variables/VariableGroup";

const SHOWN = [
  { value: "all", label: "All variables" },
  { value: "set", label: "Only those set" },
];

export function VariablesPage() {
  const variables = useQuery(variablesQuery);
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState("all");
  const all: Variable[] = variables.data ?? [];
  const groups = groupVariables(all, search, shown === "set");
  return (
    <>
      <PageHeader
        title="Variables"
        detail={
          variables.data && (
            <span className="tnum">
              {plural(all.length, "variable")}, {all.filter(isSet).length} set
            </span>
          )
        }
        actions={
          <>
            <SearchInput label="Search variables" value={search} onChange={setSearch} delay={0} className="w-52" />
            <Select aria-label="Shown" options={SHOWN} value={shown} onChange={(event) => setShown(event.target.value)} className="w-36" />
          </>
        }
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto" tabIndex={0} role="region" aria-label="All variables">
        {variables.isPending ? (
          <SkeletonRows label="Loading the variables" />
        ) : variables.isError ? (
          <ErrorState title="The variables could not be read" error={variables.error} onRetry={() => void variables.refetch()} />
        ) : groups.length === 0 ? (
          <EmptyState
            icon={Braces}
            title="No variable matches"
            actions={
              <Button
                onClick={() => {
                  setSearch("");
                  setShown("all");
                }}
              >
                Show all
              </Button>
            }
          />
        ) : (
          <div className="mx-auto flex max-w-6xl flex-col gap-6 p-4 sm:p-6">
            <p className="text-muted">
              Values come from <code className="font-mono text-xs">./secrets</code>, the environment and{" "}
              <code className="font-mono text-xs">.env</code>, in this order, and are read at start. Secrets stay masked here.
            </p>
            {groups.map(([group, members]) => (
              <VariableGroup key={group} name={group} variables={members} />
            ))}
          </div>
        )}
      </div>
    </>
  );
}
