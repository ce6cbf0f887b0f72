import { expect } from "./checks.mjs";

/** What every view must pass: it is pictured, accessible in both themes and fits a phone. */
export async function look(checks, tour, name) {
  await checks.run(`${name}: accessible in light and dark`, async () => {
    const findings = await tour.lookInBothThemes(name);
    expect(findings === "", findings);
  });
  await checks.run(`${name}: fits 375 pixels`, async () => {
    const overflow = await tour.overflowAt(375);
    expect(overflow <= 0, `${overflow} pixels too wide`);
  });
}
