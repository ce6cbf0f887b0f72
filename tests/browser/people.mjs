import { expect } from "./checks.mjs";
import { look } from "./look.mjs";

export async function tourUsers(checks, tour) {
  const { page } = tour;
  const email = `ada.${Date.now().toString(36)}@example.com`;
  await checks.run("users: a user is created", async () => {
    await tour.open("/users");
    await page.getByRole("button", { name: "New user" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByLabel("E-mail").fill(email);
    await form.getByLabel("Name").fill("Ada Lovelace");
    await form.getByLabel("Password").fill("Correct-horse-9-battery");
    await form.getByRole("button", { name: "Create user" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByRole("button", { name: email }).waitFor();
  });
  await look(checks, tour, "users");
  await checks.run("users: the search finds them and nobody else", async () => {
    await page.getByLabel("Search by e-mail or name").fill(email);
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    await page.getByLabel("Search by e-mail or name").fill("nobody-has-this-name");
    await page.getByText("Nobody matches").waitFor();
    await page.getByRole("button", { name: "Show everyone" }).click();
  });
  await checks.run("users: the details open and close from the keyboard", async () => {
    await page.getByRole("button", { name: email }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("Ada Lovelace").first().waitFor();
  });
  await look(checks, tour, "user-details");
  await checks.run("users: Escape closes the details and gives the focus back", async () => {
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? "");
    expect(focused.includes(email), `the focus is on "${focused}"`);
  });
}
