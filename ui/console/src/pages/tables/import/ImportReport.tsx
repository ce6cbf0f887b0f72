import { Notice } from "@/components/Notice";
import { ProgressBar } from "@/components/ProgressBar";
import { formatCount, plural } from "@/format/number";
import type { ImportProgress } from "@/records/import";

export function ImportReport({ progress, running }: { progress: ImportProgress; running: boolean }) {
  const { total, done, stored, problems } = progress;
  const refused = problems.filter(({ row }) => row !== undefined).length;
  const stopped = problems.find(({ row }) => row === undefined);
  return (
    <div className="flex flex-col gap-3">
      {running ? (
        <>
          <p role="status" className="tnum">
            {formatCount(done)} of {plural(total, "row")}
          </p>
          <ProgressBar fraction={total === 0 ? 1 : done / total} label="Import" />
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
