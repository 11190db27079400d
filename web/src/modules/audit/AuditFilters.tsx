import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AuditFilter } from '@/api/audit';
import { recordListQuery } from '@/api/records';
import { Button } from '@/ui/Button';
import { DateInput } from '@/fields/date/DateInput';
import { OptionPicker } from '@/ui/OptionPicker';
import { TextInput } from '@/ui/TextInput';
import { instantOf } from '@/util/read-format';
import { KINDS } from './kinds';
import styles from './AuditScreen.module.css';

/** What is typed and chosen above the log. */
export interface AuditChoice {
  person: string;
  kind: string;
  from: string;
  to: string;
  address: string;
  text: string;
}

export const NO_CHOICE: AuditChoice = { person: '', kind: '', from: '', to: '', address: '', text: '' };

function dayAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

/** The choice as the server reads it. Both days count whole, in the time zone of the reader. */
export function filterOf(choice: AuditChoice, timeZone: string | undefined): AuditFilter {
  const filter: AuditFilter = {};
  if (choice.person !== '') filter.person = Number(choice.person);
  if (choice.kind !== '') filter.kinds = choice.kind;
  if (choice.from !== '') filter.from = instantOf(choice.from, '00:00', timeZone);
  if (choice.to !== '') filter.to = instantOf(dayAfter(choice.to), '00:00', timeZone);
  if (choice.address.trim() !== '') filter.address = choice.address.trim();
  if (choice.text.trim() !== '') filter.text = choice.text.trim();
  return filter;
}

export function AuditFilters({ choice, onChange }: { choice: AuditChoice; onChange: (choice: AuditChoice) => void }) {
  const { t } = useTranslation('audit');
  const users = useInfiniteQuery(recordListQuery('user', { sort: 'name' }));
  const people = (users.data?.pages.flatMap((page) => page.items) ?? []).map((user) => ({ value: String(user.id), label: user.title }));
  const kinds = KINDS.flatMap(({ group, kinds: keys }) => keys.map((key) => ({ value: key, label: t(`kinds.${key}`), group: t(`groups.${group}`) })));
  const isEmpty = Object.values(choice).every((value) => value === '');
  const patch = (part: Partial<AuditChoice>): void => onChange({ ...choice, ...part });
  return (
    <div className={styles.filters} role="group" aria-label={t('filters')}>
      <OptionPicker aria-label={t('person')} value={choice.person} options={people} emptyLabel={t('anyone')} onChange={(person) => patch({ person })} />
      <OptionPicker aria-label={t('kind')} value={choice.kind} options={kinds} emptyLabel={t('any_kind')} onChange={(kind) => patch({ kind })} />
      <div className={styles.day}>
        <span aria-hidden="true">{t('from')}</span>
        <DateInput label={t('from')} value={choice.from === '' ? null : choice.from} onChange={(from) => patch({ from: from ?? '' })} />
      </div>
      <div className={styles.day}>
        <span aria-hidden="true">{t('to')}</span>
        <DateInput label={t('to')} value={choice.to === '' ? null : choice.to} onChange={(to) => patch({ to: to ?? '' })} />
      </div>
      <TextInput
        className={styles.addressInput}
        aria-label={t('address_placeholder')}
        placeholder={t('address_placeholder')}
        value={choice.address}
        onChange={(event) => patch({ address: event.target.value })}
      />
      <TextInput
        type="search"
        className={styles.search}
        aria-label={t('search')}
        placeholder={t('search')}
        value={choice.text}
        onChange={(event) => patch({ text: event.target.value })}
      />
      {!isEmpty && <Button onClick={() => onChange(NO_CHOICE)}>{t('reset')}</Button>}
    </div>
  );
}
