import { readFileSync } from "node:fs";
import path from "node:path";
import { eventually, expect } from "./checks.mjs";
import { look } from "./look.mjs";
import { tourAccessKeys, tourFilePolicies, tourLinks, tourPreviews } from "./files.mjs";

const BUCKET = "manuals";

export async function tourStorage(checks, tour, file) {
  const { page } = tour;
  const key = path.basename(file);
  await checks.run("storage: a bucket is created", async () => {
    await tour.open("/storage");
    if ((await page.getByRole("link", { name: BUCKET, exact: true }).count()) === 0) {
      await page.getByRole("button", { name: "New bucket" }).first().click();
      await page.getByLabel("Name", { exact: true }).fill(BUCKET);
      await page.getByRole("button", { name: "Create bucket" }).click();
      await page.getByRole("heading", { name: new RegExp(BUCKET) }).waitFor();
    } else await page.getByRole("link", { name: BUCKET, exact: true }).click();
  });
  await checks.run("storage: files are uploaded", async () => {
    await page.locator('input[type="file"]').setInputFiles([
      { name: key, mimeType: "text/csv", buffer: readFileSync(file) },
      { name: "reading me.txt", mimeType: "text/plain", buffer: Buffer.from("A name with a space, and ümlauts: åäö\n") },
    ]);
    await page.getByText("2 of 2 uploaded").waitFor();
    await page.getByLabel("Download reading me.txt").waitFor();
  });
  await checks.run("storage: a download is the file that was uploaded", async () => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByLabel(`Download ${key}`).click()]);
    const bytes = readFileSync(await download.path());
    expect(bytes.equals(readFileSync(file)), "the bytes differ");
  });
  await tourPreviews(checks, tour);
  await tourLinks(checks, tour, key, file);
  await checks.run("storage: files can be dropped, and an upload can be cancelled", async () => {
    await page.route("**/objects/slow.bin", (route) => setTimeout(() => route.abort().catch(() => undefined), 20_000));
    await page.locator('input[type="file"]').setInputFiles({ name: "slow.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(2_000_000) });
    await page.getByRole("button", { name: "Cancel slow.bin" }).click();
    await page.getByRole("region", { name: "Uploads" }).getByText("cancelled").waitFor();
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    const transfer = await page.evaluateHandle(() => {
      const dropped = new DataTransfer();
      dropped.items.add(new File(["dropped"], "dropped.txt", { type: "text/plain" }));
      return dropped;
    });
    await page.dispatchEvent("table", "drop", { dataTransfer: transfer });
    await page.getByText("1 of 1 uploaded").waitFor();
    await page.getByLabel("Delete dropped.txt").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete file" }).click();
    await page.getByLabel("Delete dropped.txt").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Clear", exact: true }).click();
  });
  await checks.run("storage: a file is found and deleted", async () => {
    await page.getByLabel("Search files").fill("reading");
    await eventually(() => page.locator("tbody tr").count(), 1, "files found");
    await page.getByLabel("Delete reading me.txt").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete file" }).click();
    await page.getByText("No file matches").waitFor();
    await page.getByRole("button", { name: "Show all files" }).click();
    await page.getByLabel(`Download ${key}`).waitFor();
  });
  await checks.run("storage: the bucket is made public and private again", async () => {
    const isPublic = page.getByLabel("Public", { exact: true });
    await isPublic.click();
    await eventually(() => isPublic.getAttribute("aria-checked"), "true", "public");
    await page.getByText("Anyone with an address").waitFor();
    await isPublic.click();
    await page.getByText("These files are private now").waitFor();
    await eventually(() => isPublic.getAttribute("aria-checked"), "false", "public");
  });
  await tour.open(`/storage/${BUCKET}`);
  await look(checks, tour, "storage-bucket");
  await tour.open("/storage");
  await look(checks, tour, "storage");
  await tourFilePolicies(checks, tour);
  await tourAccessKeys(checks, tour);
}
