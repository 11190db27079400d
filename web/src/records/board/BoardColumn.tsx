import { IconChevronsLeft, IconDots, IconGauge } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordSum } from '@/api/sums';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import type { ArrangedColumn } from './arrange';
import { dropOnColumn } from './board-drag';
import { fullness } from './limits';
import styles from './RecordBoard.module.css';

/** A column goes on when so many pixels of it are left. */
const LOAD_AHEAD_PX = 600;

export interface BoardColumnProps {
  column: ArrangedColumn;
  /** All of it in the currency of the company, and by chance. */
  total: RecordSum['converted'];
  name: string;
  isFolded: boolean;
  mayStand: boolean;
  /** A card that comes into the column will stand first in it. */
  landsFirst: boolean;
  hasLifted: boolean;
  children: ReactNode;
  /** Opens the limit of the column; undefined for whoever may not shape fields. */
  onLimit?: () => void;
  onFold: (isFolded: boolean) => void;
  onDropCard: (id: number) => void;
  onMore: () => Promise<void>;
}

/** One column: what it is, how many, what it comes to; below its cards. */
export function BoardColumn({ column, total, name, isFolded, mayStand, landsFirst, hasLifted, children, onLimit, onFold, onDropCard, onMore }: BoardColumnProps) {
  const { t } = useTranslation(['board', 'records']);
  const format = useFormat();
  const box = useRef<HTMLElement>(null);
  const [isOver, setIsOver] = useState(false);
  const { isLoading, hasFailed, more } = useMore(onMore, column.next_cursor);
  const latest = useRef({ onDropCard, mayStand });
  latest.current = { onDropCard, mayStand };
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    return dropOnColumn(element, { mayStand: () => latest.current.mayStand, onOver: setIsOver, onDrop: (id) => latest.current.onDropCard(id) });
  }, [isFolded]);

  const counted = column.count.count === null ? null : format.number(column.count.count) + (column.count.is_capped ? '+' : '');
  const limit = column.option?.max_records;
  const state = fullness(column.count.count, limit);
  const count = counted === null || limit === undefined ? counted : t('board:of_limit', { count: counted, limit: format.number(limit) });
  const hint = state === null || state === 'free' ? undefined : t(`board:is_${state}`, { count: counted, limit: format.number(limit ?? 0) });
  const countSign = count !== null && (
    <span className={styles.count} data-state={state ?? undefined} title={hint}>
      {count}
    </span>
  );
  const sums = (column.sums ?? []).map(({ currency, amount }) => (currency === null ? format.number(amount) : format.money(amount, currency)));
  const inAll = total?.amount != null && sums.length > 1 ? t('records:money.converted', { sum: format.money(total.amount, total.currency) }) : '';
  const byChance = total?.weighted != null && total.weighted !== total.amount ? t('records:money.weighted', { sum: format.money(total.weighted, total.currency) }) : '';
  const said = [inAll, byChance].filter(Boolean);
  const dot = <span className={styles.dot} data-color={column.option?.color ?? 'none'} aria-hidden="true" />;
  const classes = classNames(styles.column, (isOver || hasLifted) && mayStand && styles.over);

  if (isFolded) {
    return (
      <section ref={box} className={classNames(classes, styles.folded)} aria-label={name}>
        <button type="button" className={styles.unfold} aria-expanded="false" title={t('board:unfold', { name })} onClick={() => onFold(false)}>
          {dot}
          {countSign}
          <span className={styles.foldedName}>{name}</span>
        </button>
      </section>
    );
  }
  return (
    <section ref={box} className={classes} aria-label={name}>
      <header className={styles.head}>
        {dot}
        <h2 className={styles.name} title={name}>
          {name}
        </h2>
        {countSign}
        <span className={styles.tools}>
          <IconButton className={styles.fold} size="small" label={t('board:fold', { name })} icon={<IconChevronsLeft size={16} />} onClick={() => onFold(true)} />
          {onLimit !== undefined && (
            <Menu
              trigger={<IconButton className={styles.tool} size="small" label={t('board:column_menu', { name })} icon={<IconDots size={16} />} />}
              items={[
                { key: 'limit', label: t('board:limit'), icon: <IconGauge size={16} />, onSelect: onLimit },
                { key: 'fold', label: t('board:fold_short'), icon: <IconChevronsLeft size={16} />, onSelect: () => onFold(true) },
              ]}
            />
          )}
        </span>
        {sums.length > 0 && <p className={styles.sums}>{sums.join(' · ')}</p>}
        {said.length > 0 && <p className={styles.sums}>{said.join(' · ')}</p>}
      </header>
      <div
        className={styles.cards}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          if (!hasFailed && scrollHeight - scrollTop - clientHeight < LOAD_AHEAD_PX) more();
        }}
      >
        {isOver && landsFirst && mayStand && <div className={styles.landing} aria-hidden="true" />}
        {column.items.length === 0 ? (
          <p className={styles.empty}>{t(mayStand ? 'board:empty' : 'board:empty_read_only')}</p>
        ) : (
          <ul className={styles.list} aria-label={t('board:cards', { name })}>
            {children}
          </ul>
        )}
        {column.next_cursor !== null && (
          <div className={styles.end}>
            <Button size="small" look="plain" isBusy={isLoading} onClick={more}>
              {t(hasFailed ? 'records:load_more_failed' : 'board:more')}
            </Button>
          </div>
        )}
        {column.next_cursor === null && column.is_capped && <p className={styles.end}>{t('records:end_of_search')}</p>}
      </div>
    </section>
  );
}

/** Asks for the next page once at a time; what failed waits to be asked for again by hand. */
function useMore(onMore: () => Promise<void>, cursor: string | null): { isLoading: boolean; hasFailed: boolean; more: () => void } {
  const [isLoading, setIsLoading] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);
  const isUnderWay = useRef(false);
  async function load(): Promise<void> {
    isUnderWay.current = true;
    setIsLoading(true);
    try {
      await onMore();
      setHasFailed(false);
    } catch {
      setHasFailed(true);
    } finally {
      isUnderWay.current = false;
      setIsLoading(false);
    }
  }
  return {
    isLoading,
    hasFailed,
    more: () => {
      if (cursor !== null && !isUnderWay.current) void load();
    },
  };
}
