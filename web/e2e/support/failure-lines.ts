/** The last lines of a run in continuous integration: each failure with its first words, for who sees only the end of the log. */
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

// Reporters print in colour even where nobody sees it.
// eslint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[0-9;]*m/g;
const SHOWN_LINES = 6;

export default class FailureLines implements Reporter {
  private readonly lines: string[] = [];

  onTestEnd(test: TestCase, { status, errors }: TestResult): void {
    if (status === test.expectedStatus || status === 'skipped') return;
    this.lines.push(`${status}: ${test.titlePath().slice(2).join(' › ')}`);
    for (const { message = '', location } of errors) {
      const words = message.replace(COLOURS, '').split('\n').map((line) => line.trim()).filter((line) => line !== '');
      this.lines.push(...words.slice(0, SHOWN_LINES).map((line) => `    ${line}`));
      if (location !== undefined) this.lines.push(`    line ${location.line}`);
    }
  }

  onExit(): Promise<void> {
    if (this.lines.length > 0) process.stdout.write(`\n${this.lines.join('\n')}\n`);
    return Promise.resolve();
  }
}
