import { IconArrowDown, IconArrowUp, IconColumns } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { columnFields, MAX_WIDTH, MIN_WIDTH, readWidth, withWidth, writeColumns, type Column } from '../list/columns';
import { fieldsInBlocks, fieldsToChoose } from '../layout';
import type { ListState } from '../list/use-list-state';
import styles from './FilterBar.module.css';

/** Which columns there are, in which order and how wide: what the mouse does in the head, the keyboard does here. */
export function ColumnsButton({ type, state }: { type: ObjectType; state: ListState }) {
  const { t } = useTranslation('records');
  const { columns } = state;

  function put(next: readonly Column[]): void {
    state.change({ columns: writeColumns(type, next) }, { replace: true });
  }

  return (
    <Popover
      placement="bottom-end"
      label={t('columns.title')}
      trigger={
        <Button size="small" icon={<IconColumns size={16} />}>
          {/* On a board, columns are something else. */}
          {state.search.look === 'board' ? t('columns.fields', { count: columns.length }) : t('columns.count', { count: columns.length })}
        </Button>
      }
    >
      {() => <ColumnList type={type} columns={columns} onChange={put} onReset={() => state.change({ columns: undefined })} />}
    </Popover>
  );
}

interface ColumnListProps {
  type: ObjectType;
  columns: readonly Column[];
  onChange: (columns: readonly Column[]) => void;
  onReset: () => void;
}

function ColumnList({ type, columns, onChange, onReset }: ColumnListProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const [text, setText] = useState('');
  const offered = new Set(columnFields(type));
  const hidden = fieldsInBlocks(fieldsToChoose(type, (field) => offered.has(field) && !columns.some((column) => column.field === field)));
  const fits = (field: Field): boolean => format.label(field.labels).toLowerCase().includes(text.trim().toLowerCase());

  function swap(index: number, step: number): void {
    const next = [...columns];
    const moved = next[index];
    const other = next[index + step];
    if (moved === undefined || other === undefined) return;
    next[index] = other;
    next[index + step] = moved;
    onChange(next);
  }

  return (
    <div className={styles.sheet}>
      <TextInput aria-label={t('filter.find_field')} placeholder={t('filter.find_field')} value={text} onChange={(event) => setText(event.target.value)} />
      <div className={styles.columns}>
        {columns.map((column, index) => {
          const name = format.label(column.field.labels);
          if (!fits(column.field)) return null;
          return (
            <div key={column.field.name} className={styles.column}>
              <Checkbox
                className={styles.grow}
                isChecked
                disabled={index === 0}
                label={name}
                onChange={() => onChange(columns.filter((other) => other !== column))}
              />
              <WidthInput
                label={t('columns.width', { name })}
                width={column.width}
                onChange={(width) => onChange(withWidth(columns, column.field.name, width))}
              />
              <IconButton
                size="small"
                label={t('columns.left', { name })}
                icon={<IconArrowUp size={14} />}
                disabledReason={index <= 1 && t('columns.first')}
                onClick={() => swap(index, -1)}
              />
              <IconButton
                size="small"
                label={t('columns.right', { name })}
                icon={<IconArrowDown size={14} />}
                disabledReason={(index === 0 || index === columns.length - 1) && t('columns.last')}
                onClick={() => swap(index, 1)}
              />
            </div>
          );
        })}
        {hidden.filter(fits).map((field) => (
          <div key={field.name} className={styles.column}>
            <Checkbox
              isChecked={false}
              label={format.label(field.labels)}
              onChange={() => onChange([...columns, { field, width: fieldKind(field.kind).width }])}
            />
          </div>
        ))}
      </div>
      <div className={styles.actions}>
        <Button size="small" onClick={onReset}>
          {t('columns.reset')}
        </Button>
      </div>
    </div>
  );
}

/** The text belongs to the person until Enter or leaving it: the first digit of a width is no width yet. */
function WidthInput({ label, width, onChange }: { label: string; width: number; onChange: (width: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null);

  function commit(): void {
    if (typed === null) return;
    const next = readWidth(typed);
    setTyped(null);
    if (next !== null && next !== Math.round(width)) onChange(next);
  }

  return (
    <TextInput
      className={styles.widthInput}
      type="number"
      min={MIN_WIDTH}
      max={MAX_WIDTH}
      step={10}
      aria-label={label}
      value={typed ?? Math.round(width)}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
