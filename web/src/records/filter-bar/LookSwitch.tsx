import { IconLayoutGrid, IconList, IconMap2, IconTable, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { useNarrow } from '@/ui/use-narrow';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { LOOKS, shownLook, type ListSearch, type Look } from '../list/list-search';
import styles from './FilterBar.module.css';

const ICONS: Readonly<Record<Look, Icon>> = { list: IconList, sheet: IconTable, tiles: IconLayoutGrid, map: IconMap2 };

/** How the list looks. */
export function LookSwitch({ look, hasPlaces, onChange }: { look: ListSearch['look']; hasPlaces: boolean; onChange: (look: Look) => void }) {
  const { t } = useTranslation('records');
  const isNarrow = useNarrow();
  return (
    <SegmentedChoice
      className={styles.looks}
      label={t('looks.title')}
      value={shownLook(look, isNarrow, hasPlaces)}
      options={LOOKS.filter((value) => shownLook(value === 'list' ? undefined : value, isNarrow, hasPlaces) === value).map((value) => {
        const LookIcon = ICONS[value];
        return {
          value,
          hint: t(`looks.${value}`),
          label: (
            <>
              <LookIcon size={16} aria-hidden="true" />
              <VisuallyHidden>{t(`looks.${value}`)}</VisuallyHidden>
            </>
          ),
        };
      })}
      onChange={onChange}
    />
  );
}
