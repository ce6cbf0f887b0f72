import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const KNOWN_PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page that remembers every complaint of the browser, takes pictures and runs axe-core. */
export class Tour {
  complaints = [];
  /** What the tour provokes on purpose; the browser reports each refused request as an error. */
  expectedComplaints = [];

  static async start(url, output) {
    mkdirSync(output, { recursive: true });
    const executablePath = process.env.CHROMIUM ?? KNOWN_PLACES.find((place) => existsSync(place));
    const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ARGUMENTS });
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: "light",
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    return new Tour(url.replace(/\/+$/, ""), output, browser, context, await context.newPage());
  }

  constructor(url, output, browser, context, page) {
    Object.assign(this, { url, output, browser, context, page });
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => this.complaints.push(`uncaught: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const text = `${message.text()} at ${message.location().url}`;
      if (!this.expectedComplaints.some((pattern) => pattern.test(text))) this.complaints.push(text);
    });
  }

  async open(path) {
    await this.page.goto(`${this.url}/admin${path}`);
    await this.settle();
  }

  /** Waits until nothing on the page says that it is still loading. */
  async settle() {
    await this.page.locator("#root > *").first().waitFor();
    await this.page.waitForFunction(() => !document.querySelector('[role=status][aria-label^="Loading"]'));
    await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
    await this.page.waitForTimeout(200);
  }

  /** Pictures what is on screen in both themes, and answers axe-core's serious and critical findings as one text. */
  async lookInBothThemes(name) {
    const found = [];
    // Notices that will go by themselves would cover a part of the picture.
    await this.page.evaluate(() => document.querySelectorAll('[aria-label="Dismiss"]').forEach((button) => button.click()));
    for (const theme of ["dark", "light"]) {
      await this.page.emulateMedia({ colorScheme: theme });
      await this.page.waitForTimeout(200);
      await this.page.screenshot({ path: path.join(this.output, `${name}-${theme}.png`) });
      await this.page.evaluate(`${axeSource};0`);
      const result = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of result.violations) {
        if (violation.impact !== "serious" && violation.impact !== "critical") continue;
        const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" "));
        found.push(`${theme}: ${violation.id} (${violation.impact}) at ${where.join(", ")}`);
      }
    }
    return found.join("; ");
  }

  /** How many pixels the page is wider than a screen of this width. */
  async overflowAt(width) {
    const before = this.page.viewportSize();
    await this.page.setViewportSize({ width, height: 740 });
    await this.page.waitForTimeout(200);
    const overflow = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await this.page.setViewportSize(before);
    return overflow;
  }

  async close() {
    await this.browser.close();
  }
}
