import { IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { recordPickQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { UserAvatar } from '@/fields/UserAvatar';
import options from '@/ui/OptionList.module.css';
import { TextArea } from '@/ui/TextInput';
import { classNames } from '@/util/class-names';
import styles from './CommentInput.module.css';
import { begunMention, withMention, type Draft } from './mentions';

export interface CommentInputProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  onSend: () => void;
  onCancel?: () => void;
  label: string;
  describedBy?: string | undefined;
  isInvalid?: boolean;
  hasAutoFocus?: boolean;
}

/** Teams are few, and stand behind the people. */
const TEAMS = 3;

/** The text of a comment. `@` offers people and teams; Ctrl Enter sends. */
export function CommentInput({ draft, onChange, onSend, onCancel, label, describedBy, isInvalid = false, hasAutoFocus = false }: CommentInputProps) {
  const { t } = useTranslation('records');
  const listId = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const caretAfter = useRef<number | null>(null);
  const [begun, setBegun] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const found = useQuery({
    ...recordPickQuery('user', begun ?? '', 'is_active = true', { fields: 'name', limit: 6 }),
    enabled: begun !== null,
    placeholderData: keepPreviousData,
  });
  const teams = useQuery({
    ...recordPickQuery('team', begun ?? '', undefined, { fields: 'name', limit: TEAMS }),
    enabled: begun !== null,
    placeholderData: keepPreviousData,
  });
  // While the answer to what is typed now is awaited, no key may choose among those found before; teams are not waited for.
  const foundTeams = teams.isPlaceholderData ? [] : (teams.data?.items ?? []);
  const people = begun === null || found.isPlaceholderData ? [] : [...(found.data?.items ?? []), ...foundTeams];
  const current = people[Math.min(active, people.length - 1)];

  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    // As high as its text, up to what its style allows.
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
    if (caretAfter.current !== null) element.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  }, [draft.text]);

  function look(element: HTMLTextAreaElement): void {
    setBegun(begunMention(element.value, element.selectionStart));
    setActive(0);
  }

  function choose(person: RecordItem): void {
    const caret = area.current?.selectionStart;
    if (caret === undefined || begun === null) return;
    const chosen = withMention(draft, caret, begun, { type: person.type === 'team' ? 'team' : 'user', id: person.id, name: person.title });
    caretAfter.current = chosen.caret;
    setBegun(null);
    onChange(chosen.draft);
    area.current?.focus();
  }

  function handleKey(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend();
    } else if (current !== undefined && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : people.length - 1;
      setActive((people.indexOf(current) + step) % people.length);
    } else if (current !== undefined && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault();
      choose(current);
    } else if (event.key === 'Escape' && (begun !== null || onCancel !== undefined)) {
      event.preventDefault();
      event.stopPropagation();
      if (begun === null) onCancel?.();
      setBegun(null);
    }
  }

  return (
    <div className={styles.input}>
      <TextArea
        ref={area}
        rows={2}
        className={styles.area}
        value={draft.text}
        placeholder={label}
        aria-label={label}
        aria-describedby={describedBy}
        aria-autocomplete="list"
        aria-controls={people.length > 0 ? listId : undefined}
        aria-activedescendant={current === undefined ? undefined : `${listId}-${current.type}-${current.id}`}
        isInvalid={isInvalid}
        autoFocus={hasAutoFocus}
        onChange={(event) => {
          onChange({ ...draft, text: event.target.value });
          look(event.target);
        }}
        onClick={(event) => look(event.currentTarget)}
        onBlur={() => setBegun(null)}
        onKeyDown={handleKey}
      />
      {people.length > 0 && (
        <div id={listId} role="listbox" aria-label={t('comments.people')} className={classNames(options.list, styles.people)}>
          {people.map((person) => (
            <div
              key={`${person.type}/${person.id}`}
              id={`${listId}-${person.type}-${person.id}`}
              role="option"
              aria-selected={person === current}
              className={classNames(options.option, person === current && options.active)}
              // The field keeps the focus and the caret.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(person)}
            >
              {person.type === 'team' ? (
                <span className={styles.team}>
                  <IconUsers size={14} aria-hidden="true" />
                </span>
              ) : (
                <UserAvatar id={person.id} title={person.title} />
              )}
              <span className={options.optionText}>{person.title}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
