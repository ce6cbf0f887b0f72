import type { SqlResult } from "@/api/sql";
import { cx } from "@/components/cx";
import { cellText } from "@/records/cell";

/** PostgreSQL's numbers of its number types. */
const NUMBERS = [20, 21, 23, 26, 700, 701, 1700];
/** A cell shows so much; the rest is a click away in the database, not in the page. */
const SHOWN = 300;

export function ResultGrid({ result }: { result: SqlResult }) {
  const fields = result.fields ?? [];
  return (
    <div className="thin-scroll h-full overflow-auto" tabIndex={0} role="region" aria-label="Rows of the answer">
      <table className="min-w-full border-separate border-spacing-0 font-mono text-xs">
        <thead>
          <tr>
            <th scope="col" className="bg-canvas border-line text-faint sticky top-0 left-0 z-20 h-8 w-12 border-r border-b px-2 text-right font-normal">
              <span className="sr-only">Row</span>#
            </th>
            {fields.map((field, index) => (
              <th
                key={index}
                scope="col"
                className={cx(
                  "bg-canvas border-line text-muted sticky top-0 z-10 h-8 border-r border-b px-3 font-medium whitespace-nowrap",
                  NUMBERS.includes(field.typeId) ? "text-right" : "text-left",
                )}
              >
                {field.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.rows.map((row, at) => (
            <tr key={at} className="hover:bg-hover">
              <td className="bg-canvas border-line text-faint tnum sticky left-0 h-8 border-r border-b px-2 text-right">{at + 1}</td>
              {row.map((value, index) => (
                <Cell key={index} value={value} right={NUMBERS.includes(fields[index]?.typeId ?? 0)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ value, right }: { value: unknown; right: boolean }) {
  const text = cellText(value);
  const look = cx("border-line h-8 max-w-96 truncate border-r border-b px-3 whitespace-pre", right && "tnum text-right");
  if (value === null) return <td className={cx(look, "text-faint italic")}>NULL</td>;
  return (
    <td className={look} title={text.length > 40 ? text.slice(0, 2_000) : undefined}>
      {text.slice(0, SHOWN)}
    </td>
  );
}
