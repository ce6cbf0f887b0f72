import type { Need } from "@/api/overview";
import { NeedRow } from "@/pages/overview/NeedRow";

/** What the product needs from outside, and who gives it now. */
export function Needs({ needs }: { needs: Need[] }) {
  const down = needs.filter((need) => need.state === "down").length;
  const embedded = needs.filter((need) => need.embedded && need.state === "up").length;
  return (
    <section aria-labelledby="needs" className="min-w-0">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="needs" className="text-base font-semibold">
          What this server runs on
        </h2>
        <p className={down > 0 ? "text-bad font-medium" : "text-muted"}>
          {down > 0 ? `${down} not reachable` : `${embedded} embedded, ${needs.length - embedded} connected or off`}
        </p>
      </div>
      <ul className="border-line bg-panel divide-line divide-y rounded-lg border">
        {needs.map((need) => (
          <NeedRow key={need.need} need={need} />
        ))}
      </ul>
      <p className="text-faint mt-2 text-xs">
        Set the named variables and restart: the real service then replaces the embedded one. Nothing else switches a service on.
      </p>
    </section>
  );
}
