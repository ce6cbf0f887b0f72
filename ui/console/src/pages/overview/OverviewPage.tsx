import { useQuery } from "@tanstack/react-query";
import { overviewQuery } from "@/api/overview";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { SkeletonRows } from "@/components/SkeletonRows";
import { formatDuration } from "@/format/time";
import { Connect } from "@/pages/overview/Connect";
import { Counts } from "@/pages/overview/Counts";
import { Keys } from "@/pages/overview/Keys";
import { Needs } from "@/pages/overview/Needs";

export function OverviewPage() {
  const overview = useQuery(overviewQuery);
  const data = overview.data;
  return (
    <>
      <PageHeader
        title="Overview"
        detail={
          data && (
            <span className="tnum">
              {data.product} {data.version}, up {formatDuration(data.uptimeSeconds)}
            </span>
          )
        }
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        {data ? (
          <div className="mx-auto flex max-w-6xl flex-col gap-8 p-4 sm:p-6">
            <Counts counts={data.counts} />
            <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
              <Needs needs={data.needs} />
              <div className="flex min-w-0 flex-col gap-8">
                <Keys />
                <Connect address={data.address} />
              </div>
            </div>
          </div>
        ) : overview.isError ? (
          <ErrorState title="The overview could not be read" error={overview.error} onRetry={() => void overview.refetch()} />
        ) : (
          <SkeletonRows label="Loading the overview" />
        )}
      </div>
    </>
  );
}
