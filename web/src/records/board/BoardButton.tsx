import { IconLayoutKanban } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import { Button } from '@/ui/Button';
import { FormField } from '@/ui/FormField';
import { Popover } from '@/ui/Popover';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import type { ListState } from '../list/use-list-state';
import { aboveOf, boardField, boardFields, NO_SUM, sumField, sumFields } from './board-fields';
import styles from './RecordBoard.module.css';

/** So many pipelines stand side by side; more are a list. */
const MOST_SEGMENTS = 3;

/** Of which field a board is, which part of it is shown, and what its columns add up. */
export function BoardButton({ type, state }: { type: ObjectType; state: ListState }) {
  const { t, i18n } = useTranslation('board');
  const format = useFormat();
  const { search, change } = state;
  const field = boardField(type, search.by);
  if (field === undefined || !i18n.hasResourceBundle(i18n.language, 'board')) return null;
  const above = aboveOf(type, field, search.within);
  const sums = sumFields(type);
  const sum = sumField(type, field, search.sum);
  const options = above?.options.map((option) => ({ value: option.key, label: format.label(option.labels) })) ?? [];
  return (
    <>
      {above !== null && options.length > 1 && options.length <= MOST_SEGMENTS && (
        <SegmentedChoice label={format.label(above.field.labels)} value={above.current.key} options={options} onChange={(within) => change({ within })} />
      )}
      {above !== null && options.length > MOST_SEGMENTS && (
        <Select size="small" aria-label={format.label(above.field.labels)} value={above.current.key} options={options} onChange={(within) => change({ within })} />
      )}
      <Popover
        placement="bottom-end"
        label={t('settings')}
        trigger={
          <Button size="small" icon={<IconLayoutKanban size={16} />} aria-label={t('by', { field: format.label(field.labels) })}>
            {format.label(field.labels)}
          </Button>
        }
      >
        {() => (
          <div className={styles.sheet}>
            <FormField controlId="board-by" label={t('columns')}>
              <Select
                id="board-by"
                value={field.name}
                options={boardFields(type).map(({ name, labels }) => ({ value: name, label: format.label(labels) }))}
                onChange={(by) => change({ by, within: undefined })}
              />
            </FormField>
            {sums.length > 0 && (
              <FormField controlId="board-sum" label={t('sum')}>
                <Select
                  id="board-sum"
                  value={sum?.name ?? ''}
                  emptyLabel={t('no_sum')}
                  options={sums.map(({ name, labels }) => ({ value: name, label: format.label(labels) }))}
                  onChange={(name) => change({ sum: name === '' ? NO_SUM : name })}
                />
              </FormField>
            )}
          </div>
        )}
      </Popover>
    </>
  );
}
