import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useWriteRates } from '@/api/rates';
import { useSession } from '@/api/session';
import { DateInput } from '@/fields/date/DateInput';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { editableNumber, isDay, parseNumber } from '@/util/read-format';
import styles from './money.module.css';

const FORM_ID = 'rate-form';

export interface RateDialogProps {
  currency: { id: number; code: string };
  date: string;
  /** What stands there already. */
  rate?: number;
  units?: number;
  onClose: () => void;
}

/** What some units of a currency cost in that of the company from a day on. */
export function RateDialog({ currency, date: firstDate, rate: firstRate, units: firstUnits = 1, onClose }: RateDialogProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { currency: own } = useSession().installation;
  const write = useWriteRates(own);
  const [date, setDate] = useState<string | null>(firstDate);
  const [rate, setRate] = useState(firstRate === undefined ? '' : editableNumber(String(firstRate), format.formats));
  const [units, setUnits] = useState(String(firstUnits));
  const [missing, setMissing] = useState<'date' | 'rate' | 'units' | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const refused = fieldProblems(write.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const [number, many] = [parseNumber(rate, format.formats), parseNumber(units, format.formats)];
    const wrong = date === null || !isDay(date) ? 'date' : number === null ? 'rate' : many === null ? 'units' : null;
    setMissing(wrong);
    if (wrong !== null || date === null || number === null || many === null) {
      form.current?.querySelector<HTMLElement>(`#rate-${wrong ?? 'rate'}`)?.focus();
      return;
    }
    write.mutate([{ currency: currency.id, date, rate: number, units: many }], {
      onSuccess: () => {
        showToast(t('money.saved', { currency: currency.code }));
        onClose();
      },
    });
  }

  function problemOf(name: 'date' | 'rate' | 'units'): string | undefined {
    if (missing === name) return codeText(name === 'date' ? 'not_a_date' : rate.trim() === '' && name === 'rate' ? 'required' : 'not_a_number');
    const problem = refused.get(name)?.[0];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  }

  const isPlaced = (['date', 'rate', 'units'] as const).some((name) => refused.has(name));
  const described = (name: 'date' | 'rate' | 'units'): string | undefined => (problemOf(name) === undefined ? undefined : errorId(`rate-${name}`));
  return (
    <Dialog
      title={t('money.rate_title', { currency: currency.code })}
      size="small"
      isDirty={rate.trim() !== '' && firstRate === undefined}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={write.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form ref={form} id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {write.isError && !isPlaced && <Banner tone="error">{errorText(write.error)}</Banner>}
        <FormField controlId="rate-date" label={t('money.from_day')} hint={t('money.from_day_hint')} error={problemOf('date')}>
          <DateInput id="rate-date" value={date} keepsText isInvalid={problemOf('date') !== undefined} describedBy={described('date')} onChange={setDate} />
        </FormField>
        <div className={styles.pair}>
          <FormField controlId="rate-units" label={t('money.for_units', { currency: currency.code })} error={problemOf('units')}>
            <TextInput
              id="rate-units"
              inputMode="numeric"
              autoComplete="off"
              value={units}
              isInvalid={problemOf('units') !== undefined}
              aria-describedby={described('units')}
              onChange={(event) => setUnits(event.target.value)}
            />
          </FormField>
          <FormField controlId="rate-rate" label={t('money.costs', { currency: own })} isRequired error={problemOf('rate')}>
            <TextInput
              id="rate-rate"
              data-autofocus=""
              inputMode="decimal"
              autoComplete="off"
              value={rate}
              isInvalid={problemOf('rate') !== undefined}
              aria-describedby={described('rate')}
              onChange={(event) => setRate(event.target.value)}
            />
          </FormField>
        </div>
      </form>
    </Dialog>
  );
}
