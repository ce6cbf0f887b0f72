/** A step of a plan, with what is below it. */
export interface PlanNode {
  title: string;
  /** What it works on: a table, an index, a condition. */
  details: string[];
  /** Milliseconds of this step alone, where the database measured. */
  milliseconds?: number;
  rows?: number;
  planned?: number;
  children: PlanNode[];
}

export interface Plan {
  nodes: PlanNode[];
  /** Milliseconds of the whole, where the database measured. */
  total?: number;
}

type Raw = Record<string, unknown>;
const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** Reads what either database says: PostgreSQL's JSON with measured times, SQLite's steps. */
export function readPlan(answer: unknown): Plan | undefined {
  const first: unknown = Array.isArray(answer) ? answer[0] : answer;
  if (!isRaw(first) || !isRaw(first["Plan"])) return undefined;
  const root = first["Plan"];
  if (Array.isArray(root["Steps"])) return { nodes: root["Steps"].map((step) => ({ title: String(step), details: [], children: [] })) };
  const total = number(first["Execution Time"]);
  return { nodes: [node(root)], ...(total === undefined ? {} : { total }) };
}

const CONDITIONS = ["Index Cond", "Filter", "Hash Cond", "Merge Cond", "Join Filter", "Recheck Cond"];

function node(raw: Raw): PlanNode {
  const children = (Array.isArray(raw["Plans"]) ? raw["Plans"] : []).filter(isRaw);
  const loops = number(raw["Actual Loops"]) ?? 1;
  const whole = (one: Raw): number => (number(one["Actual Total Time"]) ?? 0) * (number(one["Actual Loops"]) ?? 1);
  const measured = number(raw["Actual Total Time"]) !== undefined;
  const own = Math.max(0, whole(raw) - children.reduce((sum, child) => sum + whole(child), 0));
  const rows = number(raw["Actual Rows"]);
  const planned = number(raw["Plan Rows"]);
  const on = raw["Relation Name"] ?? raw["CTE Name"] ?? raw["Function Name"];
  const details = [
    ...(typeof on === "string" ? [`on ${on}`] : []),
    ...(typeof raw["Index Name"] === "string" ? [`by ${raw["Index Name"]}`] : []),
    ...CONDITIONS.flatMap((name) => (typeof raw[name] === "string" ? [String(raw[name])] : [])),
    ...(Array.isArray(raw["Sort Key"]) ? [`by ${raw["Sort Key"].join(", ")}`] : []),
    ...(number(raw["Rows Removed by Filter"]) ? [`${String(raw["Rows Removed by Filter"])} rows left out`] : []),
  ];
  return {
    title: String(raw["Node Type"] ?? "Step"),
    details,
    ...(measured ? { milliseconds: own } : {}),
    ...(rows === undefined ? {} : { rows: Math.round(rows * loops) }),
    ...(planned === undefined ? {} : { planned: Math.round(planned * loops) }),
    children: children.map(node),
  };
}
