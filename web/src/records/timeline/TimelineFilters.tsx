import { IconHistory, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { categoriesOf, isChosen, type TimelineKind } from './kinds';
import styles from './Timeline.module.css';
import type { TimelineChoice } from './use-timeline-choice';

export interface TimelineFiltersProps {
  kinds: readonly TimelineKind[];
  choice: TimelineChoice;
  onChange: (choice: TimelineChoice) => void;
  /** Empty for all. */
  category: string;
  onCategory: (key: string) => void;
  /** How many records' entries may come in. */
  others: number;
}

/** What the stream shows: each kind is pressed in or out, by itself. */
export function TimelineFilters({ kinds, choice, onChange, category, onCategory, others }: TimelineFiltersProps) {
  const { t } = useTranslation('timeline');
  const format = useFormat();
  const categories = categoriesOf(kinds.filter((kind) => isChosen(kind, choice.kinds)));
  // A category that no shown kind has any more stays in sight, so that it can be taken back.
  const known = categories.some(({ key }) => key === category) ? categories : [...categories, ...categoriesOf(kinds).filter(({ key }) => key === category)];
  return (
    <div className={styles.filters} role="group" aria-label={t('shown')}>
      {kinds.map((kind) => {
        const isShown = isChosen(kind, choice.kinds);
        return (
          <Chip key={kind.name} isPressed={isShown} onPress={() => onChange({ ...choice, kinds: { ...choice.kinds, [kind.name]: !isShown } })}>
            {kind.type === null ? <IconHistory size={14} aria-hidden="true" /> : <CatalogIcon name={kind.type.icon} size={14} aria-hidden="true" />}
            {kind.type === null ? t('changes') : format.label(kind.type.labels_plural)}
          </Chip>
        );
      })}
      {others > 0 && (
        <Chip isPressed={choice.withOthers} title={t('others_hint')} onPress={() => onChange({ ...choice, withOthers: !choice.withOthers })}>
          <IconUsers size={14} aria-hidden="true" />
          {t('others', { count: others })}
        </Chip>
      )}
      {known.length > 0 && (
        <Select
          size="small"
          className={styles.category}
          aria-label={t('category')}
          value={category}
          emptyLabel={t('any_category')}
          options={known.map(({ key, field }) => ({
            value: key,
            label: format.label(field.settings.options?.find((option) => option.key === key)?.labels),
          }))}
          onChange={onCategory}
        />
      )}
    </div>
  );
}

function Chip({ isPressed, onPress, title, children }: { isPressed: boolean; onPress: () => void; title?: string; children: ReactNode }) {
  return (
    <button type="button" className={styles.chip} aria-pressed={isPressed} title={title} onClick={onPress}>
      {children}
    </button>
  );
}
