import { IconArrowsSort, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { MAX_SORT_KEYS, parseSort, printSort, type SortKey } from '../list/sort';
import type { ListState } from '../list/use-list-state';
import styles from './FilterBar.module.css';

/** The order of the list, by up to three fields. */
export function SortButton({ type, state }: { type: ObjectType; state: ListState }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const keys = parseSort(state.search.sort ?? type.default_sort);
  const fields = type.fields.filter((field) => field.is_sortable && !field.is_retired);
  const nameOf = (name: string): string => format.label(fields.find((field) => field.name === name)?.labels) || name;

  function put(next: readonly SortKey[]): void {
    const text = printSort(next);
    state.change({ sort: text === type.default_sort ? undefined : text });
  }

  const unused = fields.find((field) => !keys.some((key) => key.name === field.name));
  return (
    <Popover
      placement="bottom-end"
      label={t('sort.title')}
      trigger={
        <Button size="small" icon={<IconArrowsSort size={16} />} aria-label={t('sort.by', { name: keys.map((key) => nameOf(key.name)).join(', ') })}>
          {nameOf(keys[0]?.name ?? '')}
        </Button>
      }
    >
      {() => (
        <div className={styles.sheet}>
          <p className={styles.sheetTitle}>{t('sort.title')}</p>
          {keys.map((key, index) => (
            <div key={index} className={styles.row}>
              <Select
                size="small"
                className={styles.grow}
                aria-label={t('sort.field')}
                value={key.name}
                options={fields.map((field) => ({ value: field.name, label: format.label(field.labels) }))}
                onChange={(name) => put(keys.map((other, at) => (at === index ? { ...other, name } : other)))}
              />
              <Select
                size="small"
                className={styles.grow}
                aria-label={t('sort.direction')}
                value={key.isDescending ? 'down' : 'up'}
                options={[
                  { value: 'up', label: t('sort.ascending') },
                  { value: 'down', label: t('sort.descending') },
                ]}
                onChange={(direction) => put(keys.map((other, at) => (at === index ? { ...other, isDescending: direction === 'down' } : other)))}
              />
              <IconButton
                size="small"
                label={t('sort.remove')}
                icon={<IconX size={16} />}
                disabledReason={keys.length === 1 && t('sort.at_least')}
                onClick={() => put(keys.filter((_, at) => at !== index))}
              />
            </div>
          ))}
          {keys.length < MAX_SORT_KEYS && unused !== undefined && (
            <div>
              <Button look="dashed" size="small" icon={<IconPlus size={14} />} onClick={() => put([...keys, { name: unused.name, isDescending: false }])}>
                {t('sort.add')}
              </Button>
            </div>
          )}
        </div>
      )}
    </Popover>
  );
}
