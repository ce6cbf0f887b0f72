import { useState } from "react";
import type { Column } from "@/api/tables";
import { Button } from "@/components/Button";
import { Input } from "@/components/Input";
import { Select } from "@/components/Select";
import { type Filter, type Operator, OPERATORS, operatorsFor } from "@/records/filter";

const BOOLEANS = [
  { value: "true", label: "true" },
  { value: "false", label: "false" },
];

export function FilterForm({ columns, onAdd }: { columns: Column[]; onAdd: (filter: Filter) => void }) {
  const first = columns.find(({ isPrimaryKey }) => !isPrimaryKey) ?? columns[0];
  const [column, setColumn] = useState(first?.columnName ?? "");
  const type = columns.find(({ columnName }) => columnName === column)?.type ?? "string";
  const operators = operatorsFor(type);
  const [wanted, setOperator] = useState<Operator>(operators[0] ?? "eq");
  const operator = operators.includes(wanted) ? wanted : (operators[0] ?? "eq");
  const [typed, setValue] = useState("");
  const isBoolean = type === "boolean" && operator === "eq";
  const value = isBoolean && typed !== "false" ? "true" : typed;
  const { needsValue } = OPERATORS[operator];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (!needsValue || value !== "") onAdd({ column, operator, value: needsValue ? value : "" });
      }}
      className="grid gap-2 sm:grid-cols-[minmax(0,1fr)_9rem_minmax(0,1fr)_auto]"
    >
      <Select
        aria-label="Column"
        options={columns.map(({ columnName }) => ({ value: columnName, label: columnName }))}
        value={column}
        onChange={(event) => setColumn(event.target.value)}
      />
      <Select
        aria-label="Comparison"
        options={operators.map((name) => ({ value: name, label: OPERATORS[name].label }))}
        value={operator}
        onChange={(event) => setOperator(event.target.value as Operator)}
      />
      {!needsValue ? (
        <span />
      ) : isBoolean ? (
        <Select aria-label="Value" options={BOOLEANS} value={value} onChange={(event) => setValue(event.target.value)} />
      ) : (
        <Input
          aria-label="Value"
          autoFocus
          placeholder={operator === "in" ? "one, two, three" : "value"}
          value={typed}
          onChange={(event) => setValue(event.target.value)}
          className="font-mono"
        />
      )}
      <Button variant="primary" type="submit" disabled={needsValue && value === ""}>
        Apply
      </Button>
    </form>
  );
}
