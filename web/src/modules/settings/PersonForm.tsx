import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangeProfile, useSession, type ProfileChange } from '@/api/session';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { LANGUAGE_NAMES, LANGUAGES } from '@/util/languages';
import { timeZoneOptions } from '@/util/time-zones';
import styles from './ProfileScreen.module.css';

/** Name, language and time zone of oneself; each is saved by itself. */
export function PersonForm() {
  const { t } = useTranslation('settings');
  const { language } = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { user } = useSession();
  const change = useChangeProfile();
  const [name, setName] = useState(user.name);
  const problem = fieldProblems(change.error).get('name')?.[0];

  function save(input: ProfileChange): void {
    change.mutate(input, {
      onSuccess: () => showToast(t('saved')),
      onError: (error) => {
        if (!fieldProblems(error).has('name')) showToast(errorText(error), { tone: 'error' });
      },
    });
  }

  function saveName(): void {
    const trimmed = name.trim();
    if (trimmed === '') setName(user.name);
    else if (trimmed !== user.name) save({ name: trimmed });
  }

  return (
    <section className={styles.section} aria-labelledby="profile-person">
      <h2 id="profile-person" className={styles.heading}>
        {t('person.title')}
      </h2>
      <div className={styles.pair}>
        <FormField
          controlId="profile-name"
          label={t('person.name')}
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
          <TextInput
            id="profile-name"
            autoComplete="name"
            value={name}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('profile-name')}
            onChange={(event) => setName(event.target.value)}
            onBlur={saveName}
            onKeyDown={(event) => {
              if (event.key === 'Enter') saveName();
              if (event.key === 'Escape') setName(user.name);
            }}
          />
        </FormField>
        <FormField controlId="profile-login" label={t('person.login')} hint={t('person.login_hint')}>
          <TextInput id="profile-login" value={user.login} disabled />
        </FormField>
        <FormField controlId="profile-language" label={t('person.language')}>
          <Select
            id="profile-language"
            value={user.language}
            options={LANGUAGES.map((key) => ({ value: key, label: LANGUAGE_NAMES[key] }))}
            onChange={(key) => save({ language: key })}
          />
        </FormField>
        <FormField controlId="profile-time-zone" label={t('person.time_zone')}>
          <Select
            id="profile-time-zone"
            value={user.time_zone ?? ''}
            emptyLabel={user.time_zone === null ? t('person.time_zone_of_device') : undefined}
            options={timeZoneOptions(user.time_zone, language, new Date())}
            onChange={(zone) => save({ time_zone: zone })}
          />
        </FormField>
      </div>
    </section>
  );
}
