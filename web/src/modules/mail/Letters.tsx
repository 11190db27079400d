import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useLetters, useResendLetter, type Letter, type LetterGroup, type LetterState } from '@/api/mail';
import { Badge, type BadgeColor } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { useFailureText } from './use-failure-text';
import styles from './Mail.module.css';

const GROUPS = ['all', 'open', 'sent', 'failed'] as const;
const COLORS: Readonly<Record<LetterState, BadgeColor>> = {
  waiting: 'blue',
  sending: 'blue',
  sent: 'green',
  refused: 'red',
  given_up: 'red',
  expired: 'grey',
};

/** What became of each letter; a month back. What a letter said is not kept. */
export function Letters() {
  const { t } = useTranslation('mail');
  const errorText = useErrorText();
  const [group, setGroup] = useState<(typeof GROUPS)[number]>('all');
  const list = useLetters(group === 'all' ? null : (group satisfies LetterGroup));
  const letters = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={styles.section} aria-labelledby="mail-letters">
      <div className={styles.bar}>
        <h2 id="mail-letters" className={styles.heading}>
          {t('letters.title')}
        </h2>
        <SegmentedChoice
          label={t('letters.which')}
          value={group}
          options={GROUPS.map((key) => ({ value: key, label: t(`letters.groups.${key}`) }))}
          onChange={setGroup}
        />
      </div>
      {list.isPending && <Skeleton lines={3} label={t('loading')} />}
      {list.isError && letters.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && letters.length === 0 && <EmptyState title={t('letters.none')}>{t('letters.none_text')}</EmptyState>}
      {letters.length > 0 && (
        <Table label={t('letters.title')} className={styles.letters}>
          <thead>
            <tr>
              <HeadCell>{t('letters.letter')}</HeadCell>
              <HeadCell>{t('letters.state')}</HeadCell>
              <HeadCell className={styles.wide}>{t('letters.when')}</HeadCell>
              <HeadCell>
                <VisuallyHidden>{t('letters.actions')}</VisuallyHidden>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <LetterRow key={letter.id} letter={letter} />
            ))}
          </tbody>
        </Table>
      )}
      {list.hasNextPage && (
        <div>
          <Button size="small" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('letters.more')}
          </Button>
        </div>
      )}
    </section>
  );
}

function LetterRow({ letter }: { letter: Letter }) {
  const { t } = useTranslation('mail');
  const format = useFormat();
  const errorText = useErrorText();
  const failureText = useFailureText();
  const resend = useResendLetter();
  const failure = letter.state === 'sent' ? '' : failureText(letter.error_code, letter.error_text);
  const next = letter.state === 'waiting' && letter.attempts > 0 && letter.due_at !== null ? t('letters.next', { when: format.instant(letter.due_at) }) : '';
  return (
    <tr>
      <Cell className={styles.letter}>
        <p>{letter.subject}</p>
        <p className={styles.second}>{letter.receiver_name === '' ? letter.receiver : `${letter.receiver_name} · ${letter.receiver}`}</p>
      </Cell>
      <Cell className={styles.letter}>
        <Badge color={COLORS[letter.state]}>{t(`letters.states.${letter.state}`)}</Badge>
        {(failure !== '' || next !== '') && <p className={styles.second}>{[failure, next].filter((part) => part !== '').join(' ')}</p>}
      </Cell>
      <Cell className={`${styles.wide} ${styles.when}`}>{format.recent(letter.sent_at ?? letter.created_at)}</Cell>
      <Cell className={styles.action}>
        {letter.can_resend && (
          <Button
            size="small"
            isBusy={resend.isPending}
            onClick={() =>
              resend.mutate(letter.id, {
                onSuccess: () => showToast(t('letters.again')),
                onError: (error) => showToast(errorText(error), { tone: 'error' }),
              })
            }
          >
            {t('letters.resend')}
          </Button>
        )}
      </Cell>
    </tr>
  );
}
