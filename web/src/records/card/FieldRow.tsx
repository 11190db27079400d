import { IconCheck, IconDots, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { IconButton } from '@/ui/IconButton';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { RecordValue } from '../done/RecordValue';
import { InlineEditor } from '../editing/InlineEditor';
import type { OpenEditors } from '../editing/open-editors';
import { saveState, type SaveField } from '../editing/use-save-field';
import { mayEdit } from '../may-edit';
import styles from './FieldRow.module.css';

export interface FieldRowProps {
  type: ObjectType;
  field: Field;
  record: RecordItem;
  save: SaveField;
  editors: OpenEditors;
  isEditing: boolean;
  /** The heading of the group has the button that opens it; the room of a pencil belongs to the value. */
  opensFromHeading: boolean;
  onEdit: () => void;
  onEnd: (hadFocus: boolean) => void;
}

/** A field of a card: a press on the value opens its input in the same place. */
export function FieldRow({ type, field, record, save, editors, isEditing, opensFromHeading, onEdit, onEnd }: FieldRowProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const kind = fieldKind(field.kind);
  const label = format.label(field.labels);
  const hint = format.label(field.hint);
  const canEdit = mayEdit(record, field);
  const isWide = kind.editing === 'sheet' && (field.kind === 'channels' || isEditing);
  const state = saveState(save, field.name);

  return (
    <div className={classNames(styles.row, isWide && styles.wide)}>
      <span
        className={classNames(styles.label, field.kind === 'channels' && !isEditing && styles.hiddenLabel, hint !== '' && styles.hinted)}
        title={hint === '' ? label : `${label}: ${hint}`}
      >
        {label}
      </span>
      {isEditing ? (
        <div className={styles.editor}>
          {hint !== '' && <p className={styles.hint}>{hint}</p>}
          <InlineEditor field={field} record={record} save={save} editors={editors} onEnd={onEnd} />
        </div>
      ) : (
        // The pencil is the control; a press anywhere on the value is a shortcut for the mouse.
        <div
          className={classNames(styles.value, canEdit && styles.editable)}
          onClick={(event) => {
            const isOnControl = (event.target as HTMLElement).closest('a, button') !== null;
            const hasSelection = window.getSelection()?.isCollapsed === false;
            if (canEdit && !isOnControl && !hasSelection) onEdit();
          }}
        >
          <div className={styles.display}>
            <RecordValue type={type} field={field} record={record} />
          </div>
          {state.status === 'saving' && <IconDots size={16} className={styles.state} role="img" aria-label={t('saving')} />}
          {state.status === 'saved' && <IconCheck size={16} className={styles.saved} role="img" aria-label={t('saved')} />}
          {canEdit && !opensFromHeading && (
            <IconButton
              size="small"
              className={styles.pencil}
              data-edits={field.name}
              label={t('edit_field', { field: label })}
              icon={<IconPencil size={14} />}
              onClick={onEdit}
            />
          )}
        </div>
      )}
    </div>
  );
}
