import { useTranslation } from 'react-i18next';
import { isKnown, type MaybeCount, type RehearsedPerson, type RehearsedType, type Rehearsal } from '@/api/access';
import { useCatalog } from '@/api/catalog';
import type { RecordReference } from '@/api/types';
import { UserAvatar } from '@/fields/UserAvatar';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import styles from './Rehearsal.module.css';

export interface RehearsalDialogProps {
  /** Of the role. */
  name: string;
  rehearsal: Rehearsal;
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Most fields that are named. */
const NAMED = 6;

/** Whom a change of a role touches and what each would see more or less, before it is saved. */
export function RehearsalDialog({ name, rehearsal, isBusy, onConfirm, onClose }: RehearsalDialogProps) {
  const { t } = useTranslation('rights');
  const { people, people_count: count } = rehearsal;
  const wordsOf = useWords();
  return (
    <Dialog
      title={t('rehearsal.title', { name })}
      isText
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('rehearsal.back')}</Button>
          <Button look="primary" data-autofocus="" isBusy={isBusy} onClick={onConfirm}>
            {t('save')}
          </Button>
        </>
      }
    >
      <p>{t('rehearsal.touches', { count })}</p>
      <ul className={styles.people}>
        {people.map((person) => {
          const words = wordsOf(person);
          return (
            <li key={person.user.id} className={styles.person}>
              <UserAvatar id={person.user.id} title={person.user.title} />
              <div>
                <p className={styles.name}>{person.user.title}</p>
                {words.length === 0 && <p className={styles.same}>{t('rehearsal.same')}</p>}
                <ul className={styles.words}>
                  {words.map(({ tone, text }) => (
                    <li key={text} data-tone={tone}>
                      {text}
                    </li>
                  ))}
                </ul>
              </div>
            </li>
          );
        })}
      </ul>
      {count > people.length && <p className={styles.same}>{t('rehearsal.others', { count: count - people.length })}</p>}
    </Dialog>
  );
}

interface Words {
  tone: 'more' | 'less' | 'plain';
  text: string;
}

/** What comes of a change for one person, in sentences. */
function useWords(): (person: RehearsedPerson) => Words[] {
  const { t } = useTranslation('rights');
  const format = useFormat();
  const { object_types: types } = useCatalog();
  const number = (count: MaybeCount): string => (isKnown(count) ? format.number(count.count) + (count.is_capped ? '+' : '') : '?');
  const names = (examples: readonly RecordReference[]): string => (examples.length === 0 ? '' : ` (${format.list(examples.map(({ title }) => title))}…)`);

  function ofType(affected: RehearsedType): Words[] {
    const type = types.find((candidate) => candidate.name === affected.type);
    const label = format.label(type?.labels_plural);
    const fields = (own: readonly string[]): string => {
      const named = own.slice(0, NAMED).map((name) => format.label(type?.fields.find((field) => field.name === name)?.labels) || name);
      return own.length > NAMED ? t('rehearsal.and_more', { names: named.join(', '), count: own.length - NAMED }) : format.list(named);
    };
    return [
      ...(affected.gained.count === 0 ? [] : [{ tone: 'more' as const, text: t('rehearsal.gains', { type: label, number: number(affected.gained) }) + names(affected.gained.examples) }]),
      ...(affected.lost.count === 0 ? [] : [{ tone: 'less' as const, text: t('rehearsal.loses', { type: label, number: number(affected.lost) }) + names(affected.lost.examples) }]),
      ...affected.actions
        .filter(({ action, now, then }) => action !== 'see' && !(isKnown(now) && now.count === then.count))
        .map(({ action, now, then }) => ({
          tone: isKnown(now) && isKnown(then) && now.count !== then.count ? (then.count > now.count ? ('more' as const) : ('less' as const)) : ('plain' as const),
          text: t('rehearsal.action', { type: label, action: t(`actions.${action}`).toLowerCase(), now: number(now), then: number(then) }),
        })),
      ...(affected.shown_fields.length === 0 ? [] : [{ tone: 'more' as const, text: t('rehearsal.shows', { fields: fields(affected.shown_fields) }) }]),
      ...(affected.hidden_fields.length === 0 ? [] : [{ tone: 'less' as const, text: t('rehearsal.hides', { fields: fields(affected.hidden_fields) }) }]),
    ];
  }

  return ({ types: affected, opened, closed, second_step: step }) => [
    ...(step === null ? [] : [{ tone: step === 'to_set_up' ? ('less' as const) : ('plain' as const), text: t(`rehearsal.second_step.${step}`) }]),
    ...affected.flatMap(ofType),
    ...(opened.length === 0 ? [] : [{ tone: 'more' as const, text: t('rehearsal.opens', { parts: format.list(opened.map((key) => t(`features.names.${key}`))) }) }]),
    ...(closed.length === 0 ? [] : [{ tone: 'less' as const, text: t('rehearsal.closes', { parts: format.list(closed.map((key) => t(`features.names.${key}`))) }) }]),
  ];
}
