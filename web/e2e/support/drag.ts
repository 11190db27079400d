import { expect, type Locator, type Page } from '@playwright/test';

/**
 * Drags with the mouse as a person does: takes hold of what can be dragged, sees it go, comes over the place, lets go there.
 *
 * A list learns to be dragged after it is shown, by a part of its own that comes later; whoever pulls sooner pulls nothing.
 */
export async function drag(source: Locator, target: Locator, targetPosition?: { x: number; y: number }): Promise<void> {
  const page = source.page();
  const isReady = (): Promise<boolean> =>
    source.evaluate((element) => element.closest('[draggable="true"]') !== null || element.querySelector('[draggable="true"]') !== null);
  await expect.poll(isReady, 'it can be dragged').toBe(true);
  const started = page.evaluate(
    () => new Promise<void>((resolve) => window.addEventListener('dragstart', () => resolve(), { capture: true, once: true })),
  );
  await source.hover();
  const box = await source.boundingBox();
  if (box === null) throw new Error('what is dragged is not seen');
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 8, box.y + box.height / 2 + 2, { steps: 2 });
  await started;
  // Twice: a place takes what hangs over it after it came.
  await target.hover({ position: targetPosition });
  await target.hover({ position: targetPosition });
  await page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
  await page.mouse.up();
}

/** Draws with the mouse held down from one point of the window to another. */
export async function pull(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}
