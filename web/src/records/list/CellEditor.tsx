import type { Field, ObjectType, RecordItem } from '@/api/types';
import { ConflictDialog } from '../editing/ConflictDialog';
import { InlineEditor } from '../editing/InlineEditor';
import { useSaveField } from '../editing/use-save-field';
import styles from './RecordTable.module.css';

export interface CellEditorProps {
  type: ObjectType;
  record: RecordItem;
  field: Field;
  onEnd: (hadFocus: boolean) => void;
}

/** A field of the card, edited in its cell. */
export function CellEditor({ type, record, field, onEnd }: CellEditorProps) {
  const save = useSaveField(type, record);
  return (
    <div className={styles.editor}>
      <InlineEditor field={field} record={record} save={save} onEnd={onEnd} />
      <ConflictDialog save={save} onResolved={() => onEnd(true)} />
    </div>
  );
}
