import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isSessionOver } from '@/api/session';
import type { Field, FieldValue, RecordItem } from '@/api/types';
import { Owner } from '@/fields/owner-record';
import { fieldEditors } from '@/fields/editors';
import { ProblemText } from '@/fields/ProblemText';
import { fieldKind } from '@/fields/registry';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { useDraft, useKept } from '../drafts/use-draft';
import { generalProblems } from './general-problems';
import styles from './InlineEditor.module.css';
import type { OpenEditors } from './open-editors';
import { isSameValue, toWrite } from './same-value';
import { saveState, type SaveField } from './use-save-field';

const CONTROLS = 'input:not([type=hidden]), textarea, select, button';

export interface InlineEditorProps {
  field: Field;
  record: RecordItem;
  save: SaveField;
  /** Where the editor says that it is open. */
  editors: OpenEditors;
  /** The editor closes: saved, or left as it was. `hadFocus` says whether the focus has to go somewhere else now. */
  onEnd: (hadFocus: boolean) => void;
}

/**
 * The input of one field in the place of its value. A line saves on Enter and on leaving it, Escape gives it up;
 * a block has its own Save. What was typed stays until the server has taken it: the editor waits for the answer.
 */
export function InlineEditor({ field, record, save, editors, onEnd }: InlineEditorProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const kind = fieldKind(field.kind);
  const { Input } = fieldEditors(field.kind);
  // What the person saw on opening. The record may be read again meanwhile; saving against that would overwrite another's value unasked.
  const opened = useRef<{ value: FieldValue; version: number | undefined }>({ value: record.values[field.name], version: record.version });
  const client = useQueryClient();
  const draft = useDraft(`edit.${record.type}.${record.id}.${field.name}`, `${format.label(field.labels)} · ${record.title}`);
  const [value, setValue] = useKept<FieldValue>(draft, 'value', opened.current.value);
  const typed = useRef(value);
  const frame = useRef<HTMLDivElement>(null);
  const pending = useRef<Promise<boolean> | null>(null);
  const hasEnded = useRef(false);
  const state = saveState(save, field.name);
  const isSheet = kind.editing === 'sheet';
  const id = `edit-${record.id}-${field.name}`;
  const label = format.label(field.labels);

  function change(next: FieldValue): void {
    typed.current = next;
    setValue(next);
  }

  function isDirty(): boolean {
    return !hasEnded.current && !isSameValue(toWrite(opened.current.value), toWrite(typed.current));
  }

  function end(hadFocus = frame.current?.contains(document.activeElement) === true): void {
    if (hasEnded.current) return;
    hasEnded.current = true;
    onEnd(hadFocus);
  }

  function leave(): void {
    save.forget(field.name);
    end();
  }

  async function write(): Promise<boolean> {
    if (!isDirty()) {
      leave();
      return true;
    }
    const sent = typed.current;
    if (!(await save.save(field, sent, opened.current.version))) return false;
    // Whoever went on typing while the answer was on its way is not done yet.
    opened.current = { value: sent, version: undefined };
    if (!isDirty()) end();
    return true;
  }

  function commit(): Promise<boolean> {
    if (hasEnded.current) return Promise.resolve(true);
    pending.current ??= write().finally(() => {
      pending.current = null;
    });
    return pending.current;
  }

  /** The record left the screen under the hands of the person: a live change took it out of the list. */
  function tellLoss(): void {
    // What the session ended over is kept, and found again on the next opening.
    if (pending.current !== null || !isDirty() || isSessionOver(client)) return;
    showToast(t('not_saved', { field: label, reason: t('left_screen') }), { tone: 'error' });
  }

  const latest = useRef({ commit, isDirty, tellLoss, end });
  latest.current = { commit, isDirty, tellLoss, end };
  useEffect(() => () => latest.current.tellLoss(), []);
  useEffect(
    () =>
      editors.add(field.name, {
        commit: () => latest.current.commit(),
        isDirty: () => latest.current.isDirty(),
        close: () => latest.current.end(true),
        focus: () => frame.current?.querySelector<HTMLElement>(CONTROLS)?.focus(),
      }),
    [editors, field.name],
  );

  useEffect(() => {
    // A block without rows has no input to take the focus; the button that adds the first one does.
    if (frame.current?.contains(document.activeElement) !== true) frame.current?.querySelector<HTMLElement>(CONTROLS)?.focus();
  }, []);

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
      role={isSheet ? 'group' : undefined}
      aria-label={isSheet ? label : undefined}
      onKeyDown={handleKey}
      onBlur={(event) => {
        const staysInside = event.relatedTarget instanceof Node && frame.current?.contains(event.relatedTarget) === true;
        // A dialog or another window takes the focus for a while; the edit goes on afterwards.
        if (!staysInside && !isSheet && document.hasFocus() && save.conflict === null) void commit();
      }}
    >
      {!isSheet && <VisuallyHidden htmlFor={id}>{label}</VisuallyHidden>}
      <Owner value={record}>
        <Input
          id={id}
          field={field}
          value={value}
          problems={state.problems}
          describedBy={state.problems.length > 0 ? `${id}-problem` : undefined}
          hasAutoFocus
          onChange={change}
        />
      </Owner>
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
