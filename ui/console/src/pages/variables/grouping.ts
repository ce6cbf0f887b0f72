import type { Variable } from "@/api/variables";

/** Whether somebody gave this variable a value, rather than the default. */
export function isSet(variable: Variable): boolean {
  return variable.source !== "default" && variable.value !== null && variable.value !== undefined && variable.value !== "";
}

/** The variables that match, in their groups, both in the server's order. */
export function groupVariables(variables: Variable[], search: string, onlySet: boolean): [string, Variable[]][] {
  const wanted = search.trim().toLowerCase();
  const groups = new Map<string, Variable[]>();
  for (const variable of variables) {
    if (onlySet && !isSet(variable)) continue;
    const text = [variable.name, ...(variable.aliases ?? []), variable.help, variable.group, variable.turnsOn ?? ""].join(" ").toLowerCase();
    if (!text.includes(wanted)) continue;
    const group = groups.get(variable.group);
    if (group) group.push(variable);
    else groups.set(variable.group, [variable]);
  }
  return [...groups];
}
