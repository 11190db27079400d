import { IconAdjustmentsHorizontal, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordCountQuery } from '@/api/records';
import { spansQuery } from '@/api/spans';
import type { RecordCount, ObjectType } from '@/api/types';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import type { MenuItem } from '@/ui/Menu';
import { Popover } from '@/ui/Popover';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { useNow } from '@/ui/use-now';
import { addDays } from '@/util/calendar';
import { bothFilters } from '@/util/filter-text';
import { dayAt, momentOf } from '@/util/times';
import type { RowMenuPlace } from '../list/row-menu-place';
import { RowMenu } from '../list/lazy-parts';
import type { ListState } from '../list/use-list-state';
import type { Selection } from '../list/use-selection';
import { paths } from '../paths';
import { AxisGrid } from './AxisGrid';
import { axisOf, dateFields, namesOf, NONE, printSpan, rowFields, ZOOMS, type AxisFields, type Zoom } from './axis-fields';
import { barOf, type Bar } from './bars';
import styles from './RecordAxis.module.css';
import { scaleOf, SIZES } from './scale';
import { useBarMoves, type Grip } from './use-bar-moves';

export interface RecordAxisProps {
  type: ObjectType;
  label: string;
  state: ListState;
  selection: Selection;
  count: RecordCount | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The records of a list as bars by their dates: in rows of people, or of any other value. What it is made of stands in the address and in saved views. */
export function RecordAxis(props: RecordAxisProps) {
  const { t, i18n } = useTranslation('records');
  const axis = useMemo(() => axisOf(props.type, props.state.search), [props.type, props.state.search]);
  // Its texts come behind the first page.
  if (!i18n.exists('records:axis.title')) return null;
  if (axis.begins === undefined && axis.ends === undefined) return <p className={styles.note}>{t('axis.cannot')}</p>;
  return <Axis {...props} axis={axis} />;
}

function Axis({ type, label, state, selection, count, axis }: RecordAxisProps & { axis: AxisFields }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const isNarrow = useNarrow();
  const now = useNow();
  const { search, query, change } = state;
  const zone = format.timeZone;
  const today = dayAt(now, zone);
  const day = search.at !== undefined && DAY.test(search.at) && !Number.isNaN(Date.parse(search.at)) ? search.at : today;
  const scale = useMemo(() => scaleOf(axis.zoom, day, format.weekStart), [axis.zoom, day, format.weekStart]);
  const [menu, setMenu] = useState<RowMenuPlace | null>(null);
  const moves = useBarMoves(type, axis);
  const asked = {
    from: new Date(momentOf(scale.first, 0, zone)).toISOString(),
    to: new Date(momentOf(scale.end, 0, zone)).toISOString(),
    begins: axis.begins?.name,
    ends: axis.ends?.name,
    filter: query.filter,
    search: query.search,
    fields: namesOf(type, axis).join(','),
  };
  const found = useQuery({ ...spansQuery(type.name, asked), placeholderData: keepPreviousData });
  const records = useMemo(() => found.data?.pages.flatMap(({ items }) => items) ?? [], [found.data]);
  const stored = useMemo(() => records.flatMap((record) => barOf(type, axis, record, zone, new Date(now)) ?? []), [records, type, axis, zone, now]);
  const bars = useMemo(() => {
    if (moves.held.length === 0) return stored;
    return stored.flatMap((bar) => {
      const { record } = bar;
      const held = moves.held.find(({ key }) => key === String(record.id));
      return held === undefined ? bar : (barOf(type, axis, { ...record, values: { ...record.values, ...held.values } }, zone, new Date(now)) ?? []);
    });
  }, [stored, moves.held, type, axis, zone, now]);
  const total = found.data?.total ?? null;

  const empty = [axis.begins, axis.ends].flatMap((field) => (field === undefined ? [] : [`${field.name} is empty`])).join(' and ');
  const mayBeEmpty = [axis.begins, axis.ends].every((field) => field === undefined || (field.group !== 'system' && !field.is_required));
  const unplaced = useQuery({ ...recordCountQuery(type.name, { filter: bothFilters(query.filter, empty), search: query.search }), enabled: mayBeEmpty });
  const without = mayBeEmpty ? (unplaced.data?.count ?? 0) : 0;

  const show = (next: Partial<Pick<AxisFields, 'zoom' | 'begins' | 'ends'>>): void => change({ span: printSpan({ ...axis, ...next }) });
  const go = (to: string): void => change({ at: to === today ? undefined : to }, { replace: true });
  const named = (name: string): AxisFields['begins'] => dateFields(type).find((field) => field.name === name);
  const dates = (taken: string | undefined) => dateFields(type).map(({ name, labels }) => ({ value: name, label: format.label(labels), isDisabled: name === taken }));
  const zooms = ZOOMS.map((zoom) => ({ value: zoom, label: t(`axis.zooms.${zoom}`) }));

  const menuBar = menu === null ? undefined : bars.find(({ record }) => record.id === menu.id);
  const moveItems = (bar: Bar): MenuItem[] => {
    const days = SIZES[axis.zoom].nudge;
    const step = format.length(days, 'day');
    const item = (key: string, grip: Grip, by: number): MenuItem => ({
      key: `axis.${key}`,
      label: t(`axis.${key}`, { step }),
      startsGroup: key === 'earlier',
      disabledReason: moves.may(bar.record, grip) ? null : t('axis.read_only'),
      onSelect: () => moves.drop(bar, grip, by),
    });
    return [
      item('earlier', 'whole', -days),
      item('later', 'whole', days),
      item('begin_earlier', 'begin', -days),
      item('begin_later', 'begin', days),
      item('end_earlier', 'end', -days),
      item('end_later', 'end', days),
    ];
  };

  return (
    <div className={styles.frame}>
      <div className={styles.tools}>
        <span className={styles.turn}>
          <IconButton isFramed size="small" label={t('axis.back')} icon={<IconChevronLeft size={16} />} onClick={() => go(addDays(day, -SIZES[axis.zoom].step))} />
          <Button size="small" onClick={() => go(today)}>
            {t('axis.today')}
          </Button>
          <IconButton isFramed size="small" label={t('axis.on')} icon={<IconChevronRight size={16} />} onClick={() => go(addDays(day, SIZES[axis.zoom].step))} />
        </span>
        {isNarrow ? (
          <Select size="small" className={styles.zoom} aria-label={t('axis.zoom')} value={axis.zoom} options={zooms} onChange={(zoom) => show({ zoom: zoom as Zoom })} />
        ) : (
          <SegmentedChoice label={t('axis.zoom')} value={axis.zoom} options={zooms} onChange={(zoom) => show({ zoom })} />
        )}
        <span className={styles.right}>
          {without > 0 && (
            <Link {...paths.list(type.name, { ...search, look: undefined, span: undefined, at: undefined, open: undefined, filter: bothFilters(search.filter, empty) })} className={styles.unplaced}>
              {unplaced.data?.is_capped === true ? t('axis.unplaced_more', { count: without }) : t('axis.unplaced', { count: without })}
            </Link>
          )}
          <Popover
            placement="bottom-end"
            label={t('axis.settings')}
            trigger={<IconButton isFramed size="small" label={t('axis.settings')} icon={<IconAdjustmentsHorizontal size={16} />} />}
          >
            {() => (
              <div className={styles.sheet}>
                <FormField controlId="axis-rows" label={t('axis.rows')}>
                  <Select
                    id="axis-rows"
                    value={axis.rows?.name ?? ''}
                    emptyLabel={t('axis.none')}
                    options={rowFields(type).map(({ name, labels }) => ({ value: name, label: format.label(labels) }))}
                    onChange={(by) => change({ by: by === '' ? NONE : by })}
                  />
                </FormField>
                <FormField controlId="axis-begins" label={t('axis.begins')}>
                  <Select id="axis-begins" value={axis.begins?.name ?? ''} emptyLabel={t('axis.none')} options={dates(axis.ends?.name)} onChange={(name) => show({ begins: named(name) })} />
                </FormField>
                <FormField controlId="axis-ends" label={t('axis.ends')}>
                  <Select id="axis-ends" value={axis.ends?.name ?? ''} emptyLabel={t('axis.none')} options={dates(axis.begins?.name)} onChange={(name) => show({ ends: named(name) })} />
                </FormField>
              </div>
            )}
          </Popover>
        </span>
      </div>
      {found.isError ? (
        <ErrorState message={errorText(found.error)} onRetry={() => void found.refetch()} />
      ) : (
        <AxisGrid
          label={label}
          axis={axis}
          scale={scale}
          day={day}
          now={now}
          bars={bars}
          isKnown={found.data !== undefined && !found.isPlaceholderData}
          moves={moves}
          openId={search.open}
          onOpen={(id) => change({ open: id }, { replace: search.open !== undefined })}
          onMenu={setMenu}
        />
      )}
      {total !== null && (
        <p className={styles.note} role="status">
          {total.count === null || total.is_capped
            ? t('axis.more_than', { shown: format.number(records.length) })
            : t('axis.more', { shown: format.number(records.length), more: format.number(total.count - records.length) })}
        </p>
      )}
      {menu !== null && menuBar !== undefined && (
        <RowMenu type={type} state={state} selection={selection} count={count} records={records} place={menu} more={moveItems(menuBar)} onClose={() => setMenu(null)} />
      )}
    </div>
  );
}
