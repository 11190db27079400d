import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { keys } from '@/api/keys';
import { useCreateRecord } from '@/api/records';
import { FieldError } from '@/ui/FormField';
import { useFormat } from '@/ui/use-format';
import { deadlineOf, typedTask } from './typed-deadline';
import styles from './MyDay.module.css';

/** A task in one line: a title, and when it is due as one says it; Enter makes it. */
export function QuickTask({ ref, onLeave }: { ref: Ref<HTMLInputElement>; onLeave: () => void }) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const create = useCreateRecord('task');
  const [text, setText] = useState('');
  // One key for one text: sent twice, it is still one task.
  const key = useRef<string | null>(null);
  const task = typedTask(text, format.formats, format.timeZone);
  const deadline = deadlineOf(task, format.timeZone);

  function send(): void {
    if (task.title === '' || create.isPending) return;
    key.current ??= newIdempotencyKey();
    create.mutateAsync({ values: { title: task.title, deadline }, idempotencyKey: key.current }).then(
      () => {
        key.current = null;
        setText('');
        void client.invalidateQueries({ queryKey: keys.work });
      },
      // Said below the line.
      () => undefined,
    );
  }

  return (
    <div className={styles.quick}>
      <IconPlus size={16} aria-hidden="true" className={styles.plus} />
      <input
        ref={ref}
        className={styles.input}
        value={text}
        aria-label={t('quick')}
        placeholder={t('quick_hint')}
        autoComplete="off"
        onChange={(event) => {
          key.current = null;
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send();
          else if (event.key === 'ArrowDown') {
            event.preventDefault();
            onLeave();
          } else if (event.key === 'Escape') {
            setText('');
            event.currentTarget.blur();
          } else return;
          event.stopPropagation();
        }}
      />
      {text.trim() !== '' && (
        <output className={styles.read} aria-label={t('deadline')}>
          {format.instant(deadline)}
        </output>
      )}
      {create.isError && <FieldError>{errorText(create.error)}</FieldError>}
    </div>
  );
}
