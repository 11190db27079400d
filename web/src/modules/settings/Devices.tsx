import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangeInstallation, useSession } from '@/api/session';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useWanted } from '@/ui/use-wanted';
import styles from './ProfileScreen.module.css';

/** What browsers and phones of the people may keep, and by whom they are told over all windows. */
export function Devices() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { installation } = useSession();
  const change = useChangeInstallation();
  const offline = useWanted(installation.allows_offline);
  const stored = installation.push_services.join(', ');
  const [typed, setTyped] = useState<string | null>(null);
  const problem = fieldProblems(change.error).get('push_services')?.[0];
  const id = 'devices-push-services';

  function save(part: Parameters<typeof change.mutate>[0]): Promise<unknown> {
    const saving = change.mutateAsync(part);
    saving.then(
      () => {
        if (part.push_services !== undefined) setTyped(null);
        showToast(t('company.saved'));
      },
      (error: unknown) => {
        if (!fieldProblems(error).has('push_services')) showToast(errorText(error), { tone: 'error' });
      },
    );
    return saving;
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    void save({ push_services: (typed ?? stored).split(/[\s,;]+/u).filter((host) => host !== '') });
  }

  return (
    <section className={styles.section} aria-labelledby="devices">
      <div>
        <h2 id="devices" className={styles.heading}>
          {t('devices.title')}
        </h2>
        <p className={styles.hint}>{t('devices.hint')}</p>
      </div>
      <div>
        <Checkbox
          isChecked={offline.shown}
          label={t('devices.offline')}
          aria-describedby="devices-offline"
          onChange={(allows) => offline.want(allows, save({ allows_offline: allows }))}
        />
        <p id="devices-offline" className={styles.hint}>
          {t('devices.offline_hint')}
        </p>
      </div>
      <form className={styles.devices} noValidate onSubmit={submit}>
        <FormField
          controlId={id}
          label={t('devices.push_services')}
          hint={t('devices.push_services_hint')}
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
          <TextInput
            id={id}
            value={typed ?? stored}
            autoComplete="off"
            spellCheck={false}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId(id)}
            onChange={(event) => setTyped(event.target.value)}
          />
        </FormField>
        {typed !== null && typed !== stored && (
          <div>
            <Button type="submit" isBusy={change.isPending}>
              {t('save')}
            </Button>
          </div>
        )}
      </form>
    </section>
  );
}
