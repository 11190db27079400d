import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangeInstallation, useMay, useSession, type InstallationChange } from '@/api/session';
import { countryOptions } from '@/fields/addresses/address-text';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { errorId, FormField } from '@/ui/FormField';
import { Page } from '@/ui/Page';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { currencyName } from '@/util/format';
import { LANGUAGE_NAMES, LANGUAGES } from '@/util/languages';
import { AllData } from './AllData';
import { CompanyFormats } from './CompanyFormats';
import styles from './CompanyScreen.module.css';
import { Devices } from './Devices';
import { OpenParts } from './OpenParts';
import { ServiceTrial } from './ServiceTrial';

/** As it is typed. */
type Draft = Record<keyof Omit<InstallationChange, 'currencies' | 'default_views' | 'needs_second_step' | 'only_identity_providers' | 'public_url' | 'closed_features' | 'formats' | 'push_services' | 'allows_offline'>, string>;

/** What the whole installation shares: the name, the country, the currency, the language, the services of maps. For whoever keeps it, and may take all data away. */
export function CompanyScreen() {
  const { t } = useTranslation('settings');
  const mayChange = useMay('company');
  const mayTakeAll = useMay('all_data');
  const { permissions } = useSession();
  if (!mayChange && !mayTakeAll) return <EmptyState title={t('administrators_only')}>{t('administrators_only_text')}</EmptyState>;
  return (
    <Page isInner width="form" title={t('company.title')} intro={t('company.intro')}>
      {mayChange && <CompanyForm />}
      {mayChange && <CompanyFormats />}
      {permissions.administer && <OpenParts />}
      {permissions.administer && <Devices />}
      {mayTakeAll && <AllData />}
    </Page>
  );
}

function CompanyForm() {
  const { t } = useTranslation('settings');
  const { language } = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { installation, permissions } = useSession();
  const change = useChangeInstallation();
  const form = useRef<HTMLFormElement>(null);
  const stored: Draft = {
    company_name: installation.company_name,
    country: installation.country,
    currency: installation.currency,
    language: installation.language,
    tiles_url: installation.tiles_url,
    tiles_attribution: installation.tiles_attribution,
    tiles_max_zoom: String(installation.tiles_max_zoom),
    geocoder_url: installation.geocoder_url ?? '',
  };
  const [typed, setTyped] = useState<Partial<Draft>>({});
  const draft = { ...stored, ...typed };
  const refused = fieldProblems(change.error);
  const names = Object.keys(stored) as (keyof Draft)[];
  const changed = names.filter((name) => draft[name] !== stored[name]);
  const isPlaced = names.some((name) => refused.has(name));

  useEffect(() => {
    if (change.isError) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [change.isError, change.error]);

  function problemOf(name: keyof Draft): string | undefined {
    const problem = refused.get(name)?.[0];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  }

  /** What the control of a part of the form has in common with the others. */
  function controlOf(name: keyof Draft) {
    const id = `company-${name}`;
    const isInvalid = refused.has(name);
    return { id, value: draft[name], isInvalid, 'aria-describedby': isInvalid ? errorId(id) : undefined };
  }

  function put(name: keyof Draft, value: string): void {
    setTyped({ ...typed, [name]: value });
    if (change.isError) change.reset();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const saved = (): void => {
      setTyped({});
      showToast(t('company.saved'));
    };
    // What stands there already is saved: the button answers all the same.
    if (changed.length === 0) return saved();
    change.mutate(Object.fromEntries(changed.map((name) => [name, name === 'tiles_max_zoom' ? Number(draft[name]) : draft[name]])), { onSuccess: saved });
  }

  const currencies = [...new Set([...installation.currencies, installation.currency])];
  return (
    <form ref={form} className={styles.form} noValidate onSubmit={submit}>
      {change.isError && !isPlaced && <Banner tone="error">{errorText(change.error)}</Banner>}
      <FormField controlId="company-company_name" label={t('company.name')} isRequired error={problemOf('company_name')}>
        <TextInput {...controlOf('company_name')} autoComplete="organization" onChange={(event) => put('company_name', event.target.value)} />
      </FormField>
      <FormField controlId="company-country" label={t('company.country')} hint={t('company.country_hint')} error={problemOf('country')}>
        <Select {...controlOf('country')} options={countryOptions(language)} onChange={(country) => put('country', country)} />
      </FormField>
      <FormField controlId="company-currency" label={t('company.currency')} hint={t(draft.currency === installation.currency ? 'company.currency_hint' : 'company.currency_changes')} error={problemOf('currency')}>
        <Select
          {...controlOf('currency')}
          options={currencies.map((code) => ({ value: code, label: currencyName(code, language) }))}
          onChange={(currency) => put('currency', currency)}
        />
      </FormField>
      <FormField controlId="company-language" label={t('company.language')} hint={t('company.language_hint')} error={problemOf('language')}>
        <Select
          {...controlOf('language')}
          options={LANGUAGES.map((key) => ({ value: key, label: LANGUAGE_NAMES[key] }))}
          onChange={(key) => put('language', key)}
        />
      </FormField>
      {permissions.administer && (
      <fieldset className={styles.part}>
        <legend className={styles.partTitle}>{t('company.map')}</legend>
        <FormField controlId="company-tiles_url" label={t('company.tiles_url')} hint={t('company.tiles_url_hint')} error={problemOf('tiles_url')}>
          <TextInput {...controlOf('tiles_url')} type="url" autoComplete="off" spellCheck={false} onChange={(event) => put('tiles_url', event.target.value)} />
        </FormField>
        {draft.tiles_url !== '' && (
          <>
            <FormField
              controlId="company-tiles_attribution"
              label={t('company.tiles_attribution')}
              isRequired
              hint={t('company.tiles_attribution_hint')}
              error={problemOf('tiles_attribution')}
            >
              <TextInput {...controlOf('tiles_attribution')} autoComplete="off" onChange={(event) => put('tiles_attribution', event.target.value)} />
            </FormField>
            <FormField controlId="company-tiles_max_zoom" label={t('company.tiles_max_zoom')} hint={t('company.tiles_max_zoom_hint')} error={problemOf('tiles_max_zoom')}>
              <TextInput
                {...controlOf('tiles_max_zoom')}
                inputMode="numeric"
                autoComplete="off"
                onChange={(event) => put('tiles_max_zoom', event.target.value.replace(/\D/gu, ''))}
              />
            </FormField>
          </>
        )}
        <FormField controlId="company-geocoder_url" label={t('company.geocoder_url')} hint={t('company.geocoder_url_hint')} error={problemOf('geocoder_url')}>
          <TextInput {...controlOf('geocoder_url')} type="url" autoComplete="off" spellCheck={false} onChange={(event) => put('geocoder_url', event.target.value)} />
        </FormField>
        {draft.geocoder_url.trim() !== '' && <ServiceTrial url={draft.geocoder_url} country={draft.country} />}
      </fieldset>
      )}
      <div>
        <Button look="primary" type="submit" isBusy={change.isPending}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
