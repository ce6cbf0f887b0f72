import { expect } from "./checks.mjs";

/** What every view must pass: it is pictured, accessible in both themes and fits a phone. */
export async function look(checks, tour, name, { narrow = true } = {}) {
  await checks.run(`${name}: pictured`, () => tour.picture(name));
  await checks.run(`${name}: accessible in light and dark`, async () => {
    const findings = await tour.accessibilityFindings();
    expect(findings === "", findings);
  });
  if (!narrow) return;
  await checks.run(`${name}: fits 375 pixels`, async () => {
    const overflow = await tour.overflowAt(375);
    expect(overflow <= 0, `${overflow} pixels too wide`);
  });
}
