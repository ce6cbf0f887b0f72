import { Notice } from "@/components/Notice";
import { ProgressBar } from "@/components/ProgressBar";
import { formatCount, plural } from "@/format/number";
import type { ImportProgress } from "@/records/import";

export function ImportReport({ progress, running }: { progress: ImportProgress; running: boolean }) {
  const { total, done, stored, problems } = progress;
  const refused = problems.filter(({ row }) => row !== undefined).length;
  const first = problems.find(({ row }) => row !== undefined);
  const stopped = problems.find(({ row }) => row === undefined);
  return (
    <div className="flex flex-col gap-3">
      {running ? (
        <>
          <p role="status" className="tnum flex justify-between">
            <span>
              {formatCount(done)} of {plural(total, "row")}
            </span>
            <span className="text-muted">{total === 0 ? 100 : Math.floor((done / total) * 100)} %</span>
          </p>
          <ProgressBar fraction={total === 0 ? 1 : done / total} label="Import" />
          {first && (
            <p className="text-bad wrap-anywhere">
              First refused: row {formatCount(first.row ?? 0)}
              {first.column && `, column ${first.column}`}: {first.message}
            </p>
          )}
        </>
      ) : problems.length === 0 ? (
        <Notice tone="ok">{plural(stored, "row")} imported.</Notice>
      ) : (
        <Notice tone={stopped ? "bad" : "warn"}>
          {plural(stored, "row")} imported
          {refused > 0 && `, ${plural(refused, "row")} refused`}. {stopped?.message}
        </Notice>
      )}
      {refused > 0 && (
        <div className="border-line thin-scroll max-h-72 overflow-y-auto rounded-md border" tabIndex={0} role="region" aria-label="Refused rows">
          <table className="w-full border-collapse">
            <thead>
              <tr className="text-muted border-line border-b text-left text-xs">
                <th scope="col" className="h-8 w-24 px-3 text-right font-medium">
                  Row
                </th>
                <th scope="col" className="w-40 px-3 font-medium">
                  Column
                </th>
                <th scope="col" className="px-3 font-medium">
                  Why it was refused
                </th>
              </tr>
            </thead>
            <tbody>
              {problems
                .filter(({ row }) => row !== undefined)
                .map((problem) => (
                  <tr key={problem.row} className="border-line border-b last:border-0">
                    <td className="tnum h-9 px-3 text-right">{formatCount(problem.row ?? 0)}</td>
                    <td className="px-3 font-mono text-xs wrap-anywhere">{problem.column ?? <span className="text-faint font-sans">not told</span>}</td>
                    <td className="px-3 wrap-anywhere">{problem.message}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
