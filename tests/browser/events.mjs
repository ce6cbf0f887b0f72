import { eventually, expect } from "./checks.mjs";
import { look } from "./look.mjs";

/** Change events of `deliveries`, whose page is open. */
export async function tourEvents(checks, tour) {
  const { page } = tour;
  const tab = (name) => page.getByRole("tab", { name }).click();
  const form = page.getByRole("form", { name: "Change events" });
  const recorded = page.getByRole("list", { name: "Changes, newest first" });
  const save = async (message) => {
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText(message).waitFor();
    await form.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
  };
  await checks.run("events: all are off at first, and a switch is saved with a channel", async () => {
    await tab("Events");
    await page.getByText("Changes are recorded once a switch").waitFor();
    for (const kind of ["Inserts", "Updates", "Deletes"]) await form.getByRole("switch", { name: kind }).click();
    expect((await form.getByLabel("Channel", { exact: true }).inputValue()) === "table:deliveries", "no channel is offered");
    await form.getByLabel("Channel", { exact: true }).fill("two words");
    await form.getByText("A channel's name is made of").waitFor();
    expect(await form.getByRole("button", { name: "Save" }).isDisabled(), "a wrong channel can be saved");
    await form.getByLabel("Channel", { exact: true }).fill("deliveries");
    await save("Changes are recorded from now on.");
    await page.getByText("No change yet").waitFor();
  });
  await checks.run("events: rows that come, change and go are recorded, newest first", async () => {
    await tab("Data");
    await page.getByRole("button", { name: "Insert row" }).first().click();
    const row = page.getByRole("dialog");
    await row.getByLabel(/^customer/).fill("Fjord Fisk");
    await row.getByLabel(/^crates/).fill("9");
    await row.getByRole("button", { name: "Insert row" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("gridcell", { name: "Fjord Fisk" }).click();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByLabel("Edit crates").fill("11");
    await page.keyboard.press("Enter");
    await page.getByRole("gridcell", { name: "11", exact: true }).waitFor();
    await page.getByRole("gridcell", { name: "Fjord Fisk" }).click();
    await page.keyboard.press("Space");
    await page.keyboard.press("Delete");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete 1 row" }).click();
    await page.getByRole("gridcell", { name: "Fjord Fisk" }).waitFor({ state: "detached" });
    await tab("Events");
    await eventually(() => recorded.getByRole("listitem").count(), 3, "changes");
    const kinds = await recorded.getByRole("button").allInnerTexts();
    expect(kinds.map((text) => /delete|update|insert/.exec(text)?.[0]).join() === "delete,update,insert", kinds.join("; "));
    const update = recorded.getByRole("button", { name: /update/ });
    expect(/crates/.test(await update.innerText()) && !/customer/.test(await update.innerText()), await update.innerText());
    await update.click();
    const cells = recorded.getByRole("row", { name: /^crates/ }).getByRole("cell");
    expect((await cells.allInnerTexts()).join() === "9,11", "before and after are not shown");
  });
  await look(checks, tour, "table-events");
  await checks.run("events: a webhook, chosen columns and a condition are kept; a wrong condition is refused in place", async () => {
    tour.expectedComplaints.push(/status of 4\d\d .*\/change-events$/);
    await form.getByRole("switch", { name: "Inserts" }).click();
    await form.getByLabel("To a channel").click();
    await form.getByRole("alert").getByText("need a channel or a webhook").waitFor();
    await form.getByLabel("To a webhook").click();
    await form.getByLabel("Address").fill("https://example.org/hooks/deliveries");
    await form.getByLabel("All columns").click();
    await form.getByLabel("temperature", { exact: true }).click();
    await form.getByLabel("Only rows where").fill("no_such_column = 1");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByRole("alert").getByText("no_such_column").waitFor();
    await form.getByLabel("Only rows where").fill("crates > 5");
    await save("Changes are recorded from now on.");
    await page.reload();
    await tour.settle();
    expect((await form.getByLabel("Address").inputValue()) === "https://example.org/hooks/deliveries", "the address is gone");
    expect(/crates.* > 5/.test(await form.getByLabel("Only rows where").inputValue()), "the condition is gone");
    expect(!(await form.getByLabel("temperature", { exact: true }).isChecked()), "the column is shown again");
    expect((await form.getByRole("switch", { name: "Inserts" }).getAttribute("aria-checked")) === "false", "inserts are on again");
  });
  await checks.run("events: without a switch they are off, and what was recorded stays", async () => {
    await form.getByRole("switch", { name: "Updates" }).click();
    await form.getByRole("switch", { name: "Deletes" }).click();
    await save("Changes are no longer recorded.");
    expect((await recorded.getByRole("listitem").count()) === 3, "what was recorded is gone");
  });
}
