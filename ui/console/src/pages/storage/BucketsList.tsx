import { Link } from "@tanstack/react-router";
import { Folder } from "lucide-react";
import type { Bucket } from "@/api/buckets";
import { Badge } from "@/components/Badge";
import { Moment } from "@/components/Moment";
import { TD, TH, TR } from "@/components/table-classes";
import { formatBytes } from "@/format/bytes";
import { formatCount } from "@/format/number";

export function BucketsList({ buckets }: { buckets: Bucket[] }) {
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr>
          <th scope="col" className={TH}>
            Name
          </th>
          <th scope="col" className={TH}>
            Access
          </th>
          <th scope="col" className={`${TH} text-right`}>
            Files
          </th>
          <th scope="col" className={`${TH} text-right max-sm:hidden`}>
            Size
          </th>
          <th scope="col" className={`${TH} text-right max-md:hidden`}>
            Created
          </th>
        </tr>
      </thead>
      <tbody>
        {buckets.map((bucket) => (
          <tr key={bucket.name} className={TR}>
            <td className={TD}>
              <Link
                to="/storage/$bucket"
                params={{ bucket: bucket.name }}
                className="flex items-center gap-2.5 font-medium after:absolute after:inset-0"
              >
                <Folder aria-hidden className="text-faint size-4" />
                {bucket.name}
              </Link>
            </td>
            <td className={TD}>{bucket.public ? <Badge tone="warn">public</Badge> : <Badge>private</Badge>}</td>
            <td className={`${TD} tnum text-right`}>{formatCount(bucket.objects)}</td>
            <td className={`${TD} tnum text-right max-sm:hidden`}>{formatBytes(bucket.bytes)}</td>
            <td className={`${TD} text-muted tnum text-right max-md:hidden`}>
              <Moment at={bucket.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
