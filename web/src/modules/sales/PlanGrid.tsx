import { IconUsers } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SalesPlan, SalesPlanQuery } from '@/api/sales-plan';
import type { Cursor } from '@/records/list/use-grid-keys';
import { boundsOf, isWithin, moveCell, nextCell } from '@/records/sheet/range';
import { parseTable, printTable } from '@/records/sheet/table-text';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { editableNumber, parseNumber } from '@/util/read-format';
import { figuresOf, goalOf, pasted, together, typedGoal, type GoalChange, type Metric } from './plan-cells';
import { PlanCell, Sum } from './PlanCell';
import styles from './SalesPlan.module.css';
import { usePlanEdits } from './use-plan-edits';

export interface PlanGridProps {
  plan: SalesPlan;
  query: SalesPlanQuery;
  metric: Metric;
  /** `YYYY-MM-DD`. */
  today: string;
}

const PAGE_ROWS = 8;

/** People by months: goals are typed and pasted as in a spreadsheet, facts stand below them and open their deals. */
export function PlanGrid({ plan, query, metric, today }: PlanGridProps) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const table = useRef<HTMLTableElement>(null);
  const { write } = usePlanEdits(plan, query, metric);
  const now = today.slice(0, 7);
  const [active, setActive] = useState<Cursor>({ row: 0, column: Math.max(0, plan.months.indexOf(now)) });
  const [anchor, setAnchor] = useState<Cursor>(active);
  const [typed, setTyped] = useState<string | null>(null);
  // Leaving the field writes what is typed, and the focus leaves it before `typed` is gone: what was written or given up is not written again.
  const hasEnded = useRef(false);
  const size = { rows: plan.rows.length, columns: plan.months.length, page: PAGE_ROWS };
  const chosen = boundsOf({ from: anchor, to: active });
  const people = plan.rows.filter(({ of }) => of.type === 'user');
  const name = (month: string): string => new Intl.DateTimeFormat(format.language, { month: 'short', timeZone: 'UTC' }).format(new Date(`${month}-01`));
  const longName = (month: string): string => new Intl.DateTimeFormat(format.language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-01`));

  // The month that runs stands in sight, whatever the screen shows.
  useEffect(() => {
    const head = table.current?.querySelector<HTMLElement>('[data-now]');
    const box = table.current?.parentElement;
    if (head == null || box == null || box.scrollWidth <= box.clientWidth) return;
    box.scrollLeft = head.offsetLeft - box.clientWidth / 2;
  }, [plan.months]);

  function cellAt({ row, column }: Cursor): HTMLElement | null {
    return table.current?.querySelector<HTMLElement>(`[data-cell="${row}-${column}"]`) ?? null;
  }

  function go(to: Cursor, extends_ = false): void {
    setActive(to);
    if (!extends_) setAnchor(to);
    setTyped(null);
    cellAt(to)?.focus();
  }

  function textOf({ row, column }: Cursor): string {
    const month = plan.rows[row]?.months[column];
    return month === undefined ? '' : typedGoal(figuresOf(month, metric).planned, metric, plan.currency);
  }

  function begin(text: string): void {
    if (plan.rows[active.row]?.can_edit !== true) showToast(t('read_only'), { tone: 'error' });
    else {
      hasEnded.current = false;
      setTyped(text);
    }
  }

  /** Puts texts into cells; what is no goal stays as it was and is told. */
  function put(cells: readonly { row: number; column: number; text: string }[]): boolean {
    const changes: GoalChange[] = [];
    let wrong = 0;
    for (const { row, column, text } of cells) {
      if (plan.rows[row]?.can_edit !== true || column >= size.columns) continue;
      const isEmpty = text.trim() === '';
      const number = isEmpty ? null : parseNumber(text, format.formats);
      const goal = !isEmpty && number === null ? undefined : goalOf(number, metric, plan.currency);
      if (goal === undefined) wrong += 1;
      else changes.push({ row, column, goal });
    }
    if (wrong > 0) showToast(t(`wrong.${metric}`, { count: wrong }), { tone: 'error' });
    void write(changes);
    return wrong === 0;
  }

  function commit(next: Cursor | null): void {
    if (typed !== null && !put([{ ...active, text: typed }])) return;
    hasEnded.current = true;
    go(next ?? active);
  }

  function press(event: KeyboardEvent): void {
    const isMod = event.ctrlKey || event.metaKey;
    const down = moveCell('ArrowDown', false, active, size);
    if (typed !== null) {
      if (event.key === 'Enter') commit(down);
      else if (event.key === 'Tab') commit(nextCell(active, event.shiftKey, size));
      else if (event.key === 'Escape') {
        hasEnded.current = true;
        go(active);
      } else return;
    } else if (event.key === 'Enter' && (event.target as Element).closest('a') !== null) return;
    else if (event.key === 'Enter' || event.key === 'F2') begin(editableNumber(textOf(active), format.formats));
    else if (event.key === 'Delete' || event.key === 'Backspace') put(chosenCells().map((cell) => ({ ...cell, text: '' })));
    else if (!isMod && !event.altKey && /^[\d]$/.test(event.key)) begin(event.key);
    else {
      const to = moveCell(event.key, isMod, active, size);
      if (to === null) return;
      go(to, event.shiftKey);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function chosenCells(): Cursor[] {
    const cells: Cursor[] = [];
    for (let row = chosen.top; row <= chosen.bottom; row += 1) for (let column = chosen.left; column <= chosen.right; column += 1) cells.push({ row, column });
    return cells;
  }

  function copy(event: ClipboardEvent): void {
    if (typed !== null) return;
    const rows = plan.rows.slice(chosen.top, chosen.bottom + 1).map((_, at) => plan.months.slice(chosen.left, chosen.right + 1).map((__, column) => textOf({ row: chosen.top + at, column: chosen.left + column })));
    event.clipboardData.setData('text/plain', printTable(rows));
    event.preventDefault();
  }

  function paste(event: ClipboardEvent): void {
    const texts = parseTable(event.clipboardData.getData('text/plain'));
    if (typed !== null || texts.length === 0) return;
    event.preventDefault();
    put(pasted(texts, anchor, active));
  }

  return (
    <div className={styles.box}>
      <table ref={table} role="grid" aria-label={t('title')} className={styles.grid} onKeyDown={press} onCopy={copy} onPaste={paste}>
        <thead>
          <tr>
            <th scope="col" className={styles.who}>
              {t('who')}
            </th>
            {plan.months.map((month) => (
              <th key={month} scope="col" abbr={longName(month)} data-now={month === now || undefined} className={classNames(styles.month, month === now && styles.now)}>
                {name(month)}
              </th>
            ))}
            <th scope="col" className={styles.month}>
              {t('year')}
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.rows.map((row, rowAt) => (
            <tr key={`${row.of.type}-${row.of.id}`}>
              <th scope="row" className={classNames(styles.who, row.of.type === 'team' && styles.team)} title={row.of.title ?? undefined}>
                {row.of.type === 'team' && <IconUsers size={14} aria-hidden="true" />} {row.of.title}
              </th>
              {row.months.map((month, column) => {
                const isActive = active.row === rowAt && active.column === column;
                const key = plan.months[column] ?? '';
                return (
                  <PlanCell
                    key={key}
                    place={{ row: rowAt, column }}
                    label={`${row.of.title ?? ''}, ${longName(key)}`}
                    figures={figuresOf(month, metric)}
                    people={row.people}
                    month={key}
                    metric={metric}
                    currency={plan.currency}
                    isNow={key === now}
                    isComing={key >= now}
                    isActive={isActive}
                    isChosen={isWithin(chosen, rowAt, column) && (chosen.top !== chosen.bottom || chosen.left !== chosen.right)}
                    canEdit={row.can_edit}
                    typed={isActive ? typed : null}
                    onType={setTyped}
                    onLeave={() => {
                      if (typed === null || hasEnded.current) return;
                      put([{ ...active, text: typed }]);
                      setTyped(null);
                    }}
                    onPress={(extends_) => {
                      if (isActive && typed === null && row.can_edit && !extends_) begin(editableNumber(textOf(active), format.formats));
                      else if (typed === null || !isActive) go({ row: rowAt, column }, extends_);
                    }}
                  />
                );
              })}
              <td className={styles.total}>
                <Sum figures={together(row.months, metric)} metric={metric} currency={plan.currency} />
              </td>
            </tr>
          ))}
        </tbody>
        {people.length > 1 && (
          <tfoot>
            <tr>
              <th scope="row" className={styles.who}>
                {t('all_people')}
              </th>
              {plan.months.map((month, column) => (
                <td key={month} className={styles.total}>
                  <Sum figures={together(people.flatMap(({ months }) => months[column] ?? []), metric)} metric={metric} currency={plan.currency} />
                </td>
              ))}
              <td className={styles.total}>
                <Sum figures={together(people.flatMap(({ months }) => months), metric)} metric={metric} currency={plan.currency} />
              </td>
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
