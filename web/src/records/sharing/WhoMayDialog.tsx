import { IconArrowLeft, IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accessExplanationQuery, accessPeopleQuery, type AccessExplanation, type AccessReason } from '@/api/access';
import { useErrorText } from '@/api/errors';
import type { ObjectType, RecordItem, RecordReference } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { UserAvatar } from '@/fields/UserAvatar';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { FilterWords } from '../filter-bar/FilterWords';
import styles from './WhoMay.module.css';

export interface WhoMayDialogProps {
  type: ObjectType;
  record: RecordItem;
  onClose: () => void;
}

/** Who sees a card and what each may do with it; for each, which line of which role says so. */
export function WhoMayDialog({ type, record, onClose }: WhoMayDialogProps) {
  const { t } = useTranslation('sharing');
  const [person, setPerson] = useState<RecordReference | null>(null);
  return (
    <Dialog title={person === null ? t('who.title', { name: record.title }) : t('who.why', { name: person.title })} onClose={onClose}>
      {person === null ? (
        <People type={type} record={record} onChoose={setPerson} />
      ) : (
        <>
          <Button look="link" icon={<IconArrowLeft size={16} />} data-autofocus="" onClick={() => setPerson(null)}>
            {t('who.back')}
          </Button>
          <Why type={type} record={record} person={person} />
        </>
      )}
    </Dialog>
  );
}

function People({ type, record, onChoose }: Omit<WhoMayDialogProps, 'onClose'> & { onChoose: (person: RecordReference) => void }) {
  const { t } = useTranslation('sharing');
  const format = useFormat();
  const errorText = useErrorText();
  const people = useQuery(accessPeopleQuery(type.name, record.id));
  if (people.isError) return <ErrorState message={errorText(people.error)} onRetry={() => void people.refetch()} />;
  if (people.data === undefined) return <Skeleton lines={5} label={t('who.loading')} />;
  const { items, is_capped: isCapped } = people.data;
  return (
    <>
      <p className={styles.quiet}>{t('who.all_seen', { count: items.length })}</p>
      <ul className={styles.people}>
        {items.map(({ user, actions, is_administrator: isAdministrator }) => (
          <li key={user.id}>
            <button type="button" className={styles.person} onClick={() => onChoose(user)}>
              <UserAvatar id={user.id} title={user.title} />
              <span className={styles.words}>
                <span className={styles.name}>{user.title}</span>
                <span className={styles.quiet}>{isAdministrator ? t('who.everything') : format.list(actions.map((action) => t(`who.actions.${action}`).toLowerCase()))}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {isCapped && <p className={styles.quiet}>{t('who.capped')}</p>}
      <div className={styles.ask}>
        <RecordPicker
          id="who-may-person"
          target="user"
          filter="is_active = true"
          value={null}
          label={t('who.ask')}
          placeholder={t('who.ask')}
          onChange={(user) => {
            if (user !== null) onChoose(user);
          }}
        />
      </div>
    </>
  );
}

function Why({ type, record, person }: Omit<WhoMayDialogProps, 'onClose'> & { person: RecordReference }) {
  const { t } = useTranslation('sharing');
  const errorText = useErrorText();
  const explanation = useQuery(accessExplanationQuery(type.name, record.id, person.id));
  if (explanation.isError) return <ErrorState message={errorText(explanation.error)} onRetry={() => void explanation.refetch()} />;
  if (explanation.data === undefined) return <Skeleton lines={6} label={t('who.loading')} />;
  const { data } = explanation;
  if (!data.is_active) return <p>{t('who.inactive')}</p>;
  return (
    <>
      {data.is_administrator && <p>{t('who.everything')}</p>}
      <ul className={styles.verdicts}>
        {/* The card is there already. */}
        {data.actions.filter(({ action }) => action !== 'create').map(({ action, is_allowed: isAllowed, reasons }) => (
          <li key={action} className={styles.verdict}>
            <p className={styles.name}>
              {isAllowed ? (
                <IconCheck size={16} className={styles.yes} role="img" aria-label={t('who.allowed')} />
              ) : (
                <IconX size={16} className={styles.no} role="img" aria-label={t('who.refused')} />
              )}
              {t(`who.actions.${action}`)}
            </p>
            {!data.is_administrator && (
              <ul className={styles.reasons}>
                {reasons.length === 0 && <li>{t('who.no_line')}</li>}
                {reasons.map((reason, place) => (
                  <Reason key={place} type={type} reason={reason} />
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      <Fields type={type} fields={data.fields} />
    </>
  );
}

function Reason({ type, reason: { role, level, filter, holds } }: { type: ObjectType; reason: AccessReason }) {
  const { t } = useTranslation('sharing');
  return (
    <li data-holds={holds || undefined}>
      {role.id === 0 ? t('who.program') : role.title}
      {`: ${t(`who.levels.${level}`)}`}
      {filter !== null && (
        <>
          {`, ${t('who.if')} `}
          <FilterWords type={type} filter={filter} />
        </>
      )}
      {' — '}
      {t(holds ? 'who.holds' : 'who.fails')}
    </li>
  );
}

/** Fields that are hidden, or only to be read; derived ones nobody writes. */
function Fields({ type, fields }: { type: ObjectType; fields: AccessExplanation['fields'] }) {
  const { t } = useTranslation('sharing');
  const format = useFormat();
  if (fields.length === 0) return null;
  return (
    <section aria-label={t('who.fields')}>
      <h3 className={styles.heading}>{t('who.fields')}</h3>
      <ul className={styles.reasons}>
        {fields.map(({ field, right, by_role: roles }) => (
          <li key={field}>
            <span className={styles.name}>{format.label(type.fields.find((known) => known.name === field)?.labels) || field}</span>: {t(right === 'hidden' ? 'who.hidden' : 'who.read')}
            {roles.length > 0 && ` (${format.list(roles.map(({ role }) => role.title))})`}
          </li>
        ))}
      </ul>
    </section>
  );
}
