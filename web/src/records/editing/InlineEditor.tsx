import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, FieldValue, RecordItem } from '@/api/types';
import { ProblemText } from '@/fields/ProblemText';
import { fieldKind } from '@/fields/registry';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { generalProblems } from './general-problems';
import styles from './InlineEditor.module.css';
import { isSameValue, toWrite } from './same-value';
import { saveState, type SaveField } from './use-save-field';

export interface InlineEditorProps {
  field: Field;
  record: RecordItem;
  save: SaveField;
  /** The editor closed: saved, or left as it was. */
  onEnd: () => void;
}

/**
 * The input of one field in the place of its value. A line saves on Enter and on leaving it, Escape gives it up;
 * a block has its own Save. What was typed stays until the server has taken it.
 */
export function InlineEditor({ field, record, save, onEnd }: InlineEditorProps) {
  const { t } = useTranslation('records');
  const kind = fieldKind(field.kind);
  // What the person saw on opening. The record may be read again meanwhile; saving against that would overwrite another's value unasked.
  const [opened] = useState({ value: record.values[field.name], version: record.version });
  const [value, setValue] = useState<FieldValue>(opened.value);
  const frame = useRef<HTMLDivElement>(null);
  const isLeaving = useRef(false);
  const state = saveState(save, field.name);
  const isSheet = kind.editing === 'sheet';
  const id = `edit-${record.id}-${field.name}`;

  async function commit(): Promise<void> {
    if (isLeaving.current) return;
    if (isSameValue(opened.value, toWrite(value))) {
      leave();
      return;
    }
    isLeaving.current = true;
    const isSaved = await save.save(field, value, opened.version);
    isLeaving.current = false;
    if (isSaved) onEnd();
  }

  function leave(): void {
    isLeaving.current = true;
    save.forget(field.name);
    onEnd();
  }

  function handleKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      leave();
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      const isMultiLine = event.target instanceof HTMLTextAreaElement && !event.metaKey && !event.ctrlKey;
      const isPressed = event.target instanceof HTMLButtonElement;
      if (isMultiLine || isPressed || (isSheet && !event.metaKey && !event.ctrlKey)) return;
      event.preventDefault();
      void commit();
    }
  }

  return (
    <div
      ref={frame}
      className={styles.editor}
      onKeyDown={handleKey}
      onBlur={(event) => {
        const staysInside = event.relatedTarget instanceof Node && frame.current?.contains(event.relatedTarget) === true;
        // A dialog or another window takes the focus for a while; the edit goes on afterwards.
        if (!staysInside && !isSheet && document.hasFocus() && save.conflict === null) void commit();
      }}
    >
      <kind.Input
        id={id}
        field={field}
        value={value}
        problems={state.problems}
        describedBy={state.problems.length > 0 ? `${id}-problem` : undefined}
        hasAutoFocus
        onChange={setValue}
      />
      {generalProblems(field, state.problems).map((problem) => (
        <ProblemText key={problem.code} id={`${id}-problem`} problem={problem} />
      ))}
      {state.error !== null && <FieldError>{state.error}</FieldError>}
      {isSheet ? (
        <div className={styles.actions}>
          <Button size="small" look="primary" isBusy={state.status === 'saving'} onClick={() => void commit()}>
            {t('save')}
          </Button>
          <Button size="small" onClick={leave}>
            {t('cancel')}
          </Button>
        </div>
      ) : (
        state.status === 'saving' && (
          <span className={styles.state} role="status">
            {t('saving')}
          </span>
        )
      )}
    </div>
  );
}
