import { SkeletonRows } from "@/components/SkeletonRows";

export function PagePending() {
  return (
    <div className="pt-14">
      <SkeletonRows />
    </div>
  );
}
