import { IconDots } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodeText, useErrorText } from '@/api/errors';
import { CURRENCY_TYPE, rateOfDayQuery, useWriteRates, type NewRate } from '@/api/rates';
import { useChangeRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { DateInput } from '@/fields/date/DateInput';
import { asText } from '@/fields/values';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { FieldError, FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { currencyName, dayOf } from '@/util/format';
import { isDay, parseNumber } from '@/util/read-format';
import styles from './Money.module.css';

export interface RatesFormProps {
  /** Those in use, but for that of the company. */
  currencies: readonly RecordItem[];
  own: string;
}

/** The rates of a day, a line for each currency; Enter goes down, and saves on the last line. */
export function RatesForm({ currencies, own }: RatesFormProps) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const today = dayOf(new Date(), format.timeZone);
  const [day, setDay] = useState<string | null>(today);
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [wrong, setWrong] = useState<number | 'day' | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const write = useWriteRates(own);
  const change = useChangeRecord(CURRENCY_TYPE);
  const counted = day !== null && isDay(day) ? day : today;
  const known = useQueries({ queries: currencies.map((currency) => rateOfDayQuery(currency.id, own, counted)) });

  function submit(event?: FormEvent): void {
    event?.preventDefault();
    if (write.isPending) return;
    if (day === null || !isDay(day)) return setWrong('day');
    const rates: NewRate[] = [];
    for (const [at, currency] of currencies.entries()) {
      const text = (typed[currency.id] ?? '').trim();
      if (text === '') continue;
      const rate = parseNumber(text, format.formats);
      if (rate === null || rate <= 0) {
        setWrong(currency.id);
        focusLine(at);
        return;
      }
      rates.push({ currency: currency.id, date: day, rate, units: known[at]?.data?.units ?? 1 });
    }
    setWrong(null);
    if (rates.length === 0) {
      focusLine(0);
      return;
    }
    write.mutate(rates, {
      onSuccess: (count) => {
        setTyped({});
        showToast(t('saved', { count, date: format.date(day) }));
      },
    });
  }

  function focusLine(at: number): boolean {
    const input = form.current?.querySelectorAll<HTMLInputElement>('input[data-rate]')[at];
    input?.focus();
    input?.select();
    return input !== undefined;
  }

  function goDown(event: KeyboardEvent, at: number): void {
    const step = event.key === 'Enter' || event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    if (!focusLine(at + step) && event.key === 'Enter') submit();
  }

  const hasTyped = Object.values(typed).some((text) => text.trim() !== '');
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate aria-label={t('rates')}>
      <div className={styles.head}>
        <FormField controlId="rates-day" label={t('day')} error={wrong === 'day' ? codeText('not_a_date') : undefined}>
          <DateInput id="rates-day" className={styles.day} value={day} keepsText isInvalid={wrong === 'day'} onChange={setDay} />
        </FormField>
        <Button look="primary" type="submit" isBusy={write.isPending} disabledReason={hasTyped ? null : t('nothing_typed')}>
          {t('save')}
        </Button>
      </div>
      {write.isError && <Banner tone="error">{errorText(write.error)}</Banner>}
      {change.isError && <Banner tone="error">{errorText(change.error)}</Banner>}
      <Table label={t('rates')} className={styles.list}>
        <thead>
          <tr>
            <HeadCell>{t('currency')}</HeadCell>
            <HeadCell className={styles.right}>{t('known', { date: format.date(counted) })}</HeadCell>
            <HeadCell>{t('new', { own })}</HeadCell>
            <HeadCell>
              <VisuallyHidden>{t('actions')}</VisuallyHidden>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {currencies.map((currency, at) => {
            const rate = known[at]?.data;
            const code = currency.title;
            const [, name = ''] = currencyName(code, format.language).split(' · ');
            const units = rate?.units ?? 1;
            return (
              <tr key={currency.id}>
                <Cell className={styles.name}>
                  <strong>{code}</strong>
                  <span className={styles.muted}>{asText(currency.values.name) || name}</span>
                </Cell>
                <Cell isNumber>
                  {rate === undefined ? null : rate === null ? (
                    <span className={styles.none}>{t('no_rate')}</span>
                  ) : (
                    <span className={styles.known}>
                      <span>{format.number(rate.rate)}</span>
                      <span className={styles.muted}>
                        {units !== 1 && `${t('per', { units: format.number(units) })} `}
                        {t('since', { date: format.date(rate.date) })}
                      </span>
                    </span>
                  )}
                </Cell>
                <Cell className={styles.input}>
                  <TextInput
                    data-rate=""
                    inputMode="decimal"
                    autoComplete="off"
                    aria-label={units === 1 ? t('new_of', { code, own }) : t('new_of_units', { code, own, units: format.number(units) })}
                    placeholder={units === 1 ? t('placeholder', { code }) : t('placeholder_units', { code, units: format.number(units) })}
                    value={typed[currency.id] ?? ''}
                    isInvalid={wrong === currency.id}
                    onChange={(event) => {
                      setTyped({ ...typed, [currency.id]: event.target.value });
                      setWrong(null);
                    }}
                    onKeyDown={(event) => goDown(event, at)}
                  />
                  {wrong === currency.id && <FieldError>{codeText('not_a_number')}</FieldError>}
                </Cell>
                <Cell className={styles.menu}>
                  <Menu
                    trigger={<IconButton size="small" label={t('menu', { code })} icon={<IconDots size={16} />} />}
                    items={[
                      {
                        key: 'off',
                        label: t('switch_off'),
                        onSelect: () =>
                          change.mutate(
                            { id: currency.id, version: currency.version, values: { is_active: false } },
                            { onSuccess: () => showToast(t('switched_off', { code })) },
                          ),
                      },
                    ]}
                  />
                </Cell>
              </tr>
            );
          })}
        </tbody>
      </Table>
    </form>
  );
}
