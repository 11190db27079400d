import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { erasedAddressesQuery, useCheckErasedAddress, useRemoveErasedAddress } from '@/api/personal-data';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { errorId, FormField } from '@/ui/FormField';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './PersonalData.module.css';

/** The list of erased addresses: how many, whether one is on it, taking one off. */
export function ErasedAddresses() {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const list = useQuery(erasedAddressesQuery);
  const check = useCheckErasedAddress();
  const remove = useRemoveErasedAddress();
  const [address, setAddress] = useState('');
  const problem = fieldProblems(check.error).get('address')?.[0];
  if (list.isPending) return <Skeleton lines={4} label={t('loading')} />;
  if (list.isError) return <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (address.trim() !== '') check.mutate(address.trim());
  }

  function takeOff(): void {
    remove.mutate(address.trim(), {
      onSuccess: () => {
        showToast(t('addresses.removed'));
        check.reset();
        setAddress('');
      },
    });
  }

  return (
    <div className={styles.lists}>
      <p className={styles.hint}>{t('addresses.text')}</p>
      <p className={styles.count}>{t('addresses.count', { count: list.data.count, number: format.number(list.data.count) })}</p>
      <form className={styles.lookup} onSubmit={submit} noValidate>
        <FormField controlId="erased-address" label={t('addresses.address')} error={problem === undefined ? undefined : codeText(problem.code, problem.params)}>
          <TextInput
            id="erased-address"
            autoComplete="off"
            value={address}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('erased-address')}
            onChange={(event) => {
              setAddress(event.target.value);
              check.reset();
              remove.reset();
            }}
          />
        </FormField>
        <div>
          <Button type="submit" isBusy={check.isPending}>
            {t('addresses.check')}
          </Button>
        </div>
        {check.isError && problem === undefined && <Banner tone="error">{errorText(check.error)}</Banner>}
        {remove.isError && <Banner tone="error">{errorText(remove.error)}</Banner>}
        {check.data !== undefined && (
          <Banner
            tone={check.data.is_listed ? 'warning' : 'info'}
            actions={
              check.data.is_listed ? (
                <Button size="small" isBusy={remove.isPending} onClick={takeOff}>
                  {t('addresses.remove')}
                </Button>
              ) : undefined
            }
          >
            {check.data.at === null ? t('addresses.unlisted') : t('addresses.listed', { day: format.instant(check.data.at) })}
          </Banner>
        )}
      </form>
    </div>
  );
}
