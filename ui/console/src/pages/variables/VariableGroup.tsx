import { useId } from "react";
import type { Variable } from "@/api/variables";
import { VariableRow } from "@/pages/variables/VariableRow";

export function VariableGroup({ name, variables }: { name: string; variables: Variable[] }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-2 font-semibold first-letter:uppercase">
        {name}
      </h2>
      <ul className="border-line bg-panel divide-line divide-y rounded-lg border">
        {variables.map((variable) => (
          <VariableRow key={variable.name} variable={variable} />
        ))}
      </ul>
    </section>
  );
}
