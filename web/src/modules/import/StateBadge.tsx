import { useTranslation } from 'react-i18next';
import type { ImportState } from '@/api/types';
import { Badge, type BadgeColor } from '@/ui/Badge';

const COLORS = {
  mapping: 'grey',
  checking: 'blue',
  checked: 'amber',
  running: 'blue',
  done: 'green',
  failed: 'red',
  cancelled: 'grey',
  undone: 'grey',
} satisfies Record<ImportState, BadgeColor>;

/** How far an import is, in a word. */
export function StateBadge({ state }: { state: ImportState }) {
  const { t } = useTranslation('import');
  return <Badge color={COLORS[state]}>{t(`states.${state}`)}</Badge>;
}
