import { useState } from 'react';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { ConflictDialog } from '../editing/ConflictDialog';
import { InlineEditor } from '../editing/InlineEditor';
import { OpenEditors } from '../editing/open-editors';
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
  const [editors] = useState(() => new OpenEditors());
  return (
    <div className={styles.editor}>
      <InlineEditor field={field} record={record} save={save} editors={editors} onEnd={onEnd} />
      <ConflictDialog save={save} onResolved={(name) => editors.close(name)} />
    </div>
  );
}
