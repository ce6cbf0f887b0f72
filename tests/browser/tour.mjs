// Visits every page of the console in a real browser, does on each what a person would, and takes the README's pictures.
//
//   BUSBAR_URL=http://127.0.0.1:7130 ADMIN_EMAIL=… ADMIN_PASSWORD=… node tour.mjs <folder for the pictures>
//
// IMPORT_FILES may name more CSV or JSON files to import, separated by commas. CHROMIUM names the browser.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Tour } from "./browser.mjs";
import { Checks, expect } from "./checks.mjs";
import { tourBackups, tourExports } from "./copies.mjs";
import { look } from "./look.mjs";
import { tourUsers } from "./people.mjs";
import { tourMigrations, tourSql } from "./sql.mjs";
import { tourStorage } from "./storage.mjs";
import { importFile, tourTables } from "./tables.mjs";

const { BUSBAR_URL, IMPORT_FILES = "" } = process.env;
const ADMIN_EMAIL = process.env.ADMIN_EMAIL ?? process.env.BUSBAR_ADMIN_EMAIL;
const ADMIN_PASSWORD = process.env.ADMIN_PASSWORD ?? process.env.BUSBAR_ADMIN_PASSWORD;
const output = process.argv[2];
if (!BUSBAR_URL || !ADMIN_EMAIL || !ADMIN_PASSWORD || !output) {
  console.error("usage: BUSBAR_URL=… ADMIN_EMAIL=… ADMIN_PASSWORD=… node tour.mjs <output folder>");
  process.exit(2);
}

const airports = path.join(path.dirname(fileURLToPath(import.meta.url)), "data", "airports.csv");
const checks = new Checks();
const tour = await Tour.start(BUSBAR_URL, output);
const { page } = tour;
// Nobody is signed in yet, and one password is wrong on purpose: both are answered 401.
tour.expectedComplaints.push(/401 \(Unauthorized\) at .*\/admin\/api\/session$/);

await checks.run("sign in: the page opens", async () => {
  await tour.open("/");
  await page.getByRole("heading", { name: "Sign in to the console" }).waitFor();
});
await look(checks, tour, "sign-in");
await checks.run("sign in: a wrong password is refused in plain words", async () => {
  await page.getByLabel("E-mail").fill(ADMIN_EMAIL);
  await page.getByLabel("Password").fill(`${ADMIN_PASSWORD}-not`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("do not belong together").waitFor();
});
await checks.run("sign in: the right one leads to the overview", async () => {
  await page.getByLabel("Password").fill(ADMIN_PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await tour.settle();
});

await checks.run("overview: every need says what serves it", async () => {
  const needs = page.getByRole("region", { name: "What this server runs on" }).getByRole("listitem");
  expect((await needs.count()) >= 4, "fewer than four needs are shown");
});
await checks.run("overview: the API key is shown only when asked for", async () => {
  const keys = page.getByRole("region", { name: "Keys" });
  const hidden = await keys.innerText();
  await keys.getByRole("button", { name: "Show the API key" }).click();
  await keys.getByRole("button", { name: "Hide the API key" }).waitFor();
  expect((await keys.innerText()) !== hidden, "nothing changed");
  await keys.getByRole("button", { name: "Hide the API key" }).click();
  await keys.getByRole("button", { name: "Show the API key" }).waitFor();
});

await tourTables(checks, tour, airports);
for (const file of IMPORT_FILES.split(",").filter(Boolean)) await importFile(checks, tour, file);
await tourExports(checks, tour, airports);
await tourSql(checks, tour);
await tourMigrations(checks, tour);
await tourBackups(checks, tour);
await tourStorage(checks, tour, airports);
await tourUsers(checks, tour);

await tour.open("/");
await look(checks, tour, "overview");
await checks.run("keyboard: g and a letter goes to each page", async () => {
  const pages = { t: "Tables", q: "SQL", i: "Migrations", b: "Backups", s: "Storage", u: "Users", m: "Mailbox", l: "Logs", v: "Variables", o: "Overview" };
  for (const [key, title] of Object.entries(pages)) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  }
});
await checks.run("keyboard: the palette finds a table and opens it", async () => {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("airp");
  await page.getByRole("option", { name: /airports/ }).waitFor();
});
await look(checks, tour, "palette");
await checks.run("keyboard: Enter opens what the palette found", async () => {
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /airports/ }).waitFor();
  await tour.settle();
});
await checks.run("keyboard: ? lists the shortcuts", async () => {
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
});
await look(checks, tour, "shortcuts");
await page.keyboard.press("Escape");

await checks.run("mailbox: opens", async () => {
  await tour.open("/mailbox");
  const first = page.getByRole("region", { name: "Messages" }).getByRole("button").first();
  if ((await first.count()) > 0) {
    await first.click();
    await page.getByRole("article").waitFor();
    await tour.settle();
  }
});
await look(checks, tour, "mailbox");
await checks.run("logs: entries are shown and unfold", async () => {
  await tour.open("/logs");
  const entry = page.getByRole("list", { name: /Log entries/ }).getByRole("button").first();
  await entry.click();
  await page.getByText("target", { exact: true }).first().waitFor();
});
await look(checks, tour, "logs");
await checks.run("variables: are listed and found", async () => {
  await tour.open("/variables");
  await page.getByLabel("Search variables").fill("PORT");
  await page.getByText("PORT", { exact: true }).first().waitFor();
  await page.getByLabel("Search variables").fill("");
});
await look(checks, tour, "variables");

await checks.run("theme: the switch in the page overrules the system and is remembered", async () => {
  await page.getByRole("radio", { name: "Dark" }).click();
  await page.reload();
  await tour.settle();
  const scheme = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(scheme === "dark", `the colour scheme is ${scheme}`);
});
await checks.run("privacy: the page stores the theme and the SQL that was typed, and cannot read the session", async () => {
  const seen = await page.evaluate(() => ({ local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookie: document.cookie }));
  expect(seen.local.every((key) => key === "busbar.theme" || key.startsWith("busbar.sql-history.")), `local storage holds ${seen.local.join(", ")}`);
  expect(seen.session.length === 0, `session storage holds ${seen.session.join(", ")}`);
  expect(seen.cookie === "", `scripts can read the cookie ${seen.cookie.split("=")[0]}`);
  await page.getByRole("radio", { name: "Same as the system" }).click();
});
await checks.run("sign out: leads to the sign-in page, and back is shut", async () => {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in to the console" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "Sign in to the console" }).waitFor();
});
await checks.run("browser: no errors in its console", async () => {
  expect(tour.complaints.length === 0, [...new Set(tour.complaints)].join(" | "));
});

await tour.close();
process.exit(checks.finish());
