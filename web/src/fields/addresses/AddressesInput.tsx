import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { pointerTokens } from '@/api/errors';
import type { Address } from '@/api/types';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import type { InputProps } from '../field-ui';
import styles from '../fields.module.css';
import { ProblemText } from '../ProblemText';
import { asAddresses } from '../values';
import { changedAddress, countryOptions } from './address-text';

const TEXT_PARTS = ['street', 'city', 'region', 'postcode'] as const;

export function AddressesInput({ id, field, value, onChange, problems, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const addresses = asAddresses(value);
  const labels = field.settings.address_labels ?? [];
  const countries = countryOptions(format.language);

  function change(index: number, patch: Partial<Address>): void {
    onChange(
      addresses.map((address, at) => {
        if (at === index) return changedAddress(address, patch);
        return patch.is_primary === true ? { ...address, is_primary: false } : address;
      }),
    );
  }

  return (
    <div className={styles.stack} onKeyDown={onKeyDown}>
      {addresses.map((address, index) => {
        const controlId = index === 0 ? id : `${id}-${index}`;
        const own = problems.filter((problem) => pointerTokens(problem.pointer)[1] === String(index));
        return (
          <div key={index} className={styles.entry} role="group" aria-label={t('addresses.row', { number: index + 1 })}>
            <div className={styles.row}>
              <Select
                aria-label={t('addresses.label')}
                value={address.label ?? ''}
                emptyLabel={t('channels.no_label')}
                options={labels.map((option) => ({ value: option.key, label: format.label(option.labels) }))}
                onChange={(key) => change(index, { label: key === '' ? null : key })}
              />
              <IconButton
                label={t('addresses.remove')}
                icon={<IconTrash size={16} />}
                onClick={() => onChange(addresses.filter((_, at) => at !== index))}
              />
            </div>
            <div className={styles.two}>
              {TEXT_PARTS.map((part) => (
                <TextInput
                  key={part}
                  id={part === 'street' ? controlId : undefined}
                  className={classNames(part === 'street' && styles.wide)}
                  aria-label={t(`addresses.${part}`)}
                  placeholder={t(`addresses.${part}`)}
                  autoComplete="off"
                  autoFocus={hasAutoFocus && index === 0 && part === 'street'}
                  isInvalid={own.some((problem) => pointerTokens(problem.pointer)[2] === part)}
                  value={address[part] ?? ''}
                  onChange={(event) => change(index, { [part]: event.target.value === '' ? null : event.target.value })}
                />
              ))}
              <Select
                aria-label={t('addresses.country')}
                value={address.country ?? ''}
                emptyLabel={t('addresses.no_country')}
                options={countries}
                onChange={(code) => change(index, { country: code === '' ? null : code })}
              />
              <Checkbox
                isChecked={address.is_primary === true}
                label={t('addresses.primary')}
                onChange={(isOn) => change(index, { is_primary: isOn })}
              />
            </div>
            {own.map((problem) => (
              <ProblemText key={problem.pointer + problem.code} problem={problem} />
            ))}
          </div>
        );
      })}
      <div>
        <Button
          look="dashed"
          size="small"
          icon={<IconPlus size={14} />}
          onClick={() => onChange([...addresses, { label: labels[0]?.key ?? null, is_primary: addresses.length === 0 }])}
        >
          {t('addresses.add')}
        </Button>
      </div>
    </div>
  );
}
