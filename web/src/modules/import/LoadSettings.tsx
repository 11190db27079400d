import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import type { ImportChange, ImportItem } from '@/api/types';
import { countryOptions } from '@/fields/addresses/address-text';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { DefaultValues } from './DefaultValues';
import styles from './LoadSettings.module.css';

const MODES = ['create_and_update', 'create_only', 'update_only'] as const;
const UNREADABLE = ['leave_out', 'keep'] as const;
const ERASED = ['leave_out', 'admit'] as const;
const ON_PARTIAL_MATCH = ['ask', 'update', 'merge', 'skip', 'create_shared'] as const;

export interface LoadSettingsProps {
  item: ImportItem;
  onChange: (change: ImportChange) => void;
}

/** What happens to rows whose card is there already, and what is filled in where the file says nothing. */
export function LoadSettings({ item, onChange }: LoadSettingsProps) {
  const { t } = useTranslation('import');
  const { language } = useFormat();
  const { installation, permissions } = useSession();
  const country = typeof item.defaults.country === 'string' ? item.defaults.country : installation.country;
  const countries = countryOptions(language);
  return (
    <section className={styles.section} aria-labelledby="import-settings">
      <h2 id="import-settings" className={styles.heading}>
        {t('settings.title')}
      </h2>
      <div className={styles.grid}>
        <FormField controlId="import-mode" label={t('settings.mode')} hint={t(`settings.mode_hints.${item.mode}`)}>
          <Select
            id="import-mode"
            value={item.mode}
            options={MODES.map((mode) => ({ value: mode, label: t(`settings.modes.${mode}`) }))}
            onChange={(mode) => onChange({ mode: mode as ImportItem['mode'] })}
          />
        </FormField>
        <FormField
          controlId="import-partial"
          label={t('settings.on_partial_match')}
          hint={t(`settings.partial_hints.${item.on_partial_match}`)}
        >
          <Select
            id="import-partial"
            value={item.on_partial_match}
            options={ON_PARTIAL_MATCH.map((answer) => ({ value: answer, label: t(`settings.partial.${answer}`) }))}
            onChange={(answer) => onChange({ on_partial_match: answer as ImportItem['on_partial_match'] })}
          />
        </FormField>
        <FormField
          controlId="import-unreadable"
          label={t('settings.unreadable')}
          hint={t(item.keep_unreadable ? 'settings.unreadable_hints.keep' : 'settings.unreadable_hints.leave_out')}
        >
          <Select
            id="import-unreadable"
            value={item.keep_unreadable ? 'keep' : 'leave_out'}
            options={UNREADABLE.map((answer) => ({ value: answer, label: t(`settings.unreadable_answers.${answer}`) }))}
            onChange={(answer) => onChange({ keep_unreadable: answer === 'keep' })}
          />
        </FormField>
        {permissions.features.includes('personal_data') && (
          <FormField controlId="import-erased" label={t('settings.erased')} hint={t(item.admits_erased ? 'settings.erased_hints.admit' : 'settings.erased_hints.leave_out')}>
            <Select
              id="import-erased"
              value={item.admits_erased ? 'admit' : 'leave_out'}
              options={ERASED.map((answer) => ({ value: answer, label: t(`settings.erased_answers.${answer}`) }))}
              onChange={(answer) => onChange({ admits_erased: answer === 'admit' })}
            />
          </FormField>
        )}
        <FormField controlId="import-country" label={t('settings.country')} hint={t('settings.country_hint')}>
          <Select
            id="import-country"
            value={country}
            options={countries}
            onChange={(code) => onChange({ defaults: { ...item.defaults, country: code } })}
          />
        </FormField>
      </div>
      <DefaultValues item={item} onChange={onChange} />
    </section>
  );
}
