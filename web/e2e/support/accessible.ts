/** What axe finds on a page, in light and in dark. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './test';

const SCHEMES = ['light', 'dark'] as const;

/** Nothing serious or critical; `where` names the place in the report. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The guards around an open menu hand the focus on at once, so that nobody is ever in one.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-floating-ui-focus-guard]').analyze();
    const grave = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 5).map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`) }));
    expect.soft(grave, `${where}, ${colorScheme}`).toEqual([]);
  }
}
