import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenPage, Pages, type Theme, THEMES } from "./browser";
import { inspectorHost, many } from "./inspector_host";

const SIDEBAR = { width: 320, height: 640 };
const TALL = { width: 420, height: 900 };

let pages: Pages;
beforeAll(async () => {
  pages = await Pages.start();
});
afterAll(() => pages.stop());

async function openTensor(open: OpenPage, name: string): Promise<void> {
  await open.page.locator(".body .row", { hasText: name }).first().locator(".open button").click();
  await open.page.locator(".statistics").waitFor();
}

describe.each(Object.keys(THEMES) as Theme[])("in %s", (theme) => {
  test("axe finds nothing before the first run", async () => {
    const open = await pages.open("inspector", inspectorHost({ tensors: null }), {
      theme,
      ...SIDEBAR,
    });
    await open.page.getByText("Run code to inspect active tensors").waitFor();
    await open.screenshot(`inspector-empty-${theme}`);
    await open.expectAccessible();
    await open.close();
  });

  test("axe finds nothing on the table", async () => {
    const open = await pages.open("inspector", inspectorHost(), { theme, ...TALL });
    await open.page.locator(".body .row").first().click();
    await open.page.locator(".row.active").waitFor();
    await open.screenshot(`inspector-table-${theme}`);
    await open.expectAccessible();
    await open.close();
  });

  test.each(["digits", "holes"])("axe finds nothing on the tensor %s", async (name) => {
    const open = await pages.open("inspector", inspectorHost(), { theme, ...TALL });
    await openTensor(open, name);
    await open.screenshot(`inspector-${name}-${theme}`);
    await open.expectAccessible();
    await open.close();
  });
});

test.each(["image", "loss", "steps"])("axe finds nothing on the tensor %s", async (name) => {
  const open = await pages.open("inspector", inspectorHost(), TALL);
  await openTensor(open, name);
  await open.screenshot(`inspector-${name}`);
  await open.expectAccessible();
  await open.close();
});

test("NaN and infinities are flagged", async () => {
  const open = await pages.open("inspector", inspectorHost());
  await openTensor(open, "holes");
  expect(await open.page.locator(".flags").textContent()).toMatch(/1 NaN, 2 Inf/);
  expect(await open.page.locator("td.bad").allTextContents()).toEqual(["nan", "inf", "-inf"]);
  await open.close();
});

test("a click on a row goes to its line", async () => {
  const open = await pages.open("inspector", inspectorHost());
  await open.page.locator(".body .row", { hasText: "steps" }).click();
  await expect
    .poll(() => open.posted.find(({ type }) => type === "reveal"))
    .toMatchObject({ type: "reveal", character: 0 });
  await open.close();
});

test("of 500 tensors only the visible rows are part of the page, at any scroll position", async () => {
  const open = await pages.open("inspector", inspectorHost({ tensors: many(500) }), TALL);
  const { page } = open;
  await page.locator(".body .row").first().waitFor();
  const table = page.locator(".table");
  for (const place of [0, 0.37, 0.5, 1]) {
    await table.evaluate((element, part) => {
      element.scrollTop = part * (element.scrollHeight - element.clientHeight);
    }, place);
    const seen = Math.round(place * (500 - 36));
    const middle = page.locator(`#row-${Math.min(499, seen + 10)}`);
    await middle.waitFor();
    expect(await page.locator(".body .row").count()).toBeLessThan(80);
  }
  await open.close();
});

test("a heat map's other dimensions have sliders, and the last position is fetched", async () => {
  const open = await pages.open("inspector", inspectorHost(), TALL);
  await openTensor(open, "digits");
  const sliders = open.page.locator(".sliders input");
  expect(await sliders.count()).toBe(2);
  await sliders.nth(0).fill("5");
  await sliders.nth(1).fill("9");
  await expect
    .poll(() =>
      open.posted
        .flatMap((message) => (message.type === "command" ? [message.argument["slice"]] : []))
        .at(-1),
    )
    .toBe("5, 9, :, :");
  await open.close();
});

test("the table works with the keyboard alone: down, open, back", async () => {
  const open = await pages.open("inspector", inspectorHost(), TALL);
  const { page } = open;
  await page.locator(".table").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press(" ");
  await page.locator(".statistics").waitFor();
  expect(await page.locator("h1").textContent()).toContain("weights");
  await page.keyboard.press("Escape");
  await page.locator(".table").waitFor();
  expect(await page.evaluate(() => document.activeElement?.className)).toContain("table");
  await open.close();
});

test("how long the page takes to draw 500 tensors, and to scroll through them", async () => {
  const open = await pages.open("inspector", inspectorHost({ tensors: null }), TALL);
  const { page } = open;
  await page.locator("vscode-button").waitFor();
  const tensors = many(500);
  const drawn = await page.evaluate(
    async (message) => {
      const began = performance.now();
      window.postMessage(message, "*");
      while (document.querySelector(".body .row") === null) {
        await new Promise((next) => requestAnimationFrame(next));
      }
      return performance.now() - began;
    },
    { type: "tensors", uri: tensors.uri, tensors },
  );
  const frames = await page.locator(".table").evaluate(async (table) => {
    const lengths: number[] = [];
    let last = performance.now();
    for (let step = 0; step < 100; step++) {
      table.scrollTop += 110;
      await new Promise((next) => requestAnimationFrame(next));
      lengths.push(performance.now() - last);
      last = performance.now();
    }
    return lengths.sort((one, other) => one - other);
  });
  console.log(
    `500 tensors: drawn ${drawn.toFixed(0)} ms after the data; a frame of scrolling takes ` +
      `${frames[50]?.toFixed(1)} ms (median), ${frames[95]?.toFixed(1)} ms (95th of 100)`,
  );
  expect(await page.locator(".body .row").count()).toBeGreaterThan(20);
  await open.close();
});
