import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AccessAction, AccessLevel, RightLine } from '@/api/access';
import type { BuiltInRole } from '@/api/roles';
import type { ObjectType } from '@/api/types';
import { ConditionChips } from '@/records/filter-bar/ConditionChips';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { Origin } from './Origin';
import type { SaidLines } from './rights';
import styles from './Role.module.css';

/** More than the server takes of one action. */
const MAX_LINES = 20;
const NONE = 'none';

export interface ActionRowProps {
  type: ObjectType;
  action: AccessAction;
  levels: readonly AccessLevel[];
  said: SaidLines;
  base: BuiltInRole | null;
  /** Null takes what the base says. */
  onChange: (lines: readonly RightLine[] | null) => void;
}

/** One sentence: "Changes: own and shared, if the kind is company, or …". */
export function ActionRow({ type, action, levels, said, base, onChange }: ActionRowProps) {
  const { t } = useTranslation('rights');
  const { lines, isOwn } = said;
  const name = t(`actions.${action}`);
  // A new record has no owner yet: it may be made or not.
  const choices = action === 'create' ? (['all'] as const) : levels;
  const isLimited = lines.length > 0 && !lines.some((line) => line.level === 'all' && !line.filter) && lines.length < MAX_LINES;

  function put(place: number, change: RightLine | null): void {
    onChange(change === null ? lines.filter((_, at) => at !== place) : lines.map((line, at) => (at === place ? change : line)));
  }

  function optionsOf(hasNone: boolean) {
    return [
      ...(hasNone ? [{ value: NONE, label: t(action === 'create' ? 'levels.cannot' : 'levels.none') }] : []),
      ...choices.map((level) => ({ value: level as string, label: t(action === 'create' ? 'levels.can' : `levels.${level}`) })),
    ];
  }

  function levelOf(value: string): AccessLevel | null {
    return choices.find((level) => level === value) ?? null;
  }

  return (
    <div className={styles.row} role="group" aria-label={name} data-own={isOwn || undefined}>
      <span className={styles.action} title={t(`hints.${action}`)}>
        {name}
      </span>
      <div className={styles.lines}>
        {lines.length === 0 && (
          <Select
            size="small"
            className={styles.level}
            aria-label={t('actions.which', { action: name })}
            value={NONE}
            options={optionsOf(true)}
            onChange={(value) => {
              const level = levelOf(value);
              if (level !== null) onChange([{ level }]);
            }}
          />
        )}
        {lines.map((line, place) => (
          <div key={place} className={styles.line}>
            {place > 0 && <span className={styles.or}>{t('actions.or')}</span>}
            <Select
              size="small"
              className={styles.level}
              aria-label={place === 0 ? t('actions.which', { action: name }) : t('actions.which_more', { action: name, place: place + 1 })}
              value={action === 'create' ? 'all' : line.level}
              options={optionsOf(lines.length === 1)}
              onChange={(value) => {
                const level = levelOf(value);
                put(place, level === null ? null : { ...line, level });
              }}
            />
            <span className={styles.condition} data-quiet={!line.filter || undefined}>
              {line.filter && <span className={styles.if}>{t('actions.if')}</span>}
              <ConditionChips type={type} filter={line.filter ?? ''} onChange={(filter) => put(place, { level: line.level, ...(filter !== '' && { filter }) })} />
            </span>
            {lines.length > 1 && (
              <IconButton size="small" label={t('actions.remove_line', { place: place + 1 })} icon={<IconX size={14} />} onClick={() => put(place, null)} />
            )}
          </div>
        ))}
        {isLimited && isOwn && (
          <Button look="link" size="small" className={styles.more} icon={<IconPlus size={14} />} onClick={() => onChange([...lines, { level: 'own' }])}>
            {t('actions.add_line')}
          </Button>
        )}
      </div>
      <Origin name={name} isOwn={isOwn} base={base} onReset={() => onChange(null)} />
    </div>
  );
}
