import { IconChartBar, IconTimeline, IconLayoutGrid, IconLayoutKanban, IconList, IconMap2, IconSitemap, IconTable, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { useNarrow } from '@/ui/use-narrow';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { LOOKS, shownLook, type ListSearch, type Look, type Shapes } from '../list/list-search';
import styles from './FilterBar.module.css';

const ICONS: Readonly<Record<Look, Icon>> = { list: IconList, sheet: IconTable, tiles: IconLayoutGrid, board: IconLayoutKanban, tree: IconSitemap, map: IconMap2, pivot: IconChartBar, axis: IconTimeline };

/** How the list looks. */
export function LookSwitch({ look, shapes, onChange }: { look: ListSearch['look']; shapes: Shapes; onChange: (look: Look) => void }) {
  const { t } = useTranslation('records');
  const isNarrow = useNarrow();
  return (
    <SegmentedChoice
      className={styles.looks}
      label={t('looks.title')}
      value={shownLook(look, isNarrow, shapes)}
      options={LOOKS.filter((value) => shownLook(value === 'list' ? undefined : value, isNarrow, shapes) === value).map((value) => {
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
