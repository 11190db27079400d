import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { CURRENCY_TYPE } from '@/api/rates';
import { useCreateRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { currencyName } from '@/util/format';
import styles from './Money.module.css';
import { worldCurrencies } from './world-currencies';

const FORM_ID = 'currency-form';

/** Puts another currency of the world in use. */
export function CurrencyDialog({ known, onClose }: { known: readonly RecordItem[]; onClose: () => void }) {
  const { t } = useTranslation('money');
  const { language } = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const create = useCreateRecord(CURRENCY_TYPE);
  const key = useRef(newIdempotencyKey());
  const [code, setCode] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const taken = new Set(known.map((currency) => currency.title));
  const options = worldCurrencies()
    .filter((candidate) => !taken.has(candidate))
    .map((candidate) => ({ value: candidate, label: currencyName(candidate, language) }));
  const refusal = fieldProblems(create.error).get('code')?.[0];
  const problem = isMissing ? codeText('required') : refusal === undefined ? undefined : codeText(refusal.code, refusal.params);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (code === '') return setIsMissing(true);
    create.mutate(
      { values: { code, is_active: true }, idempotencyKey: key.current },
      {
        onSuccess: () => {
          showToast(t('switched_on', { code }));
          onClose();
        },
        onError: () => {
          key.current = newIdempotencyKey();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('add_title')}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending}>
            {t('add_it')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {create.isError && refusal === undefined && <Banner tone="error">{errorText(create.error)}</Banner>}
        <FormField controlId="currency-code" label={t('currency')} isRequired error={problem}>
          <Select
            id="currency-code"
            data-autofocus=""
            value={code}
            emptyLabel={t('choose')}
            options={options}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('currency-code')}
            onChange={(next) => {
              setCode(next);
              setIsMissing(false);
              if (create.isError) create.reset();
            }}
          />
        </FormField>
      </form>
    </Dialog>
  );
}
