import { IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import styles from './CompanyScreen.module.css';

interface Trial {
  url: string;
  country: string;
}

/** Asks an address service that is not named yet about the country of the company, and says what came back. */
export function ServiceTrial({ url, country }: Trial) {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  // Every such service knows the country that it covers, and by its English name.
  const name = new Intl.DisplayNames(['en'], { type: 'region' }).of(country) ?? country;
  const trial = useMutation({
    mutationFn: (asked: Trial) => api.post<{ place: { name: string | null } | null }>('/places/find', { street: name, geocoder_url: asked.url }),
  });
  // What was answered holds for what was asked, not for what has been typed since.
  const isAnswered = trial.variables?.url === url && trial.variables.country === country;
  return (
    <div className={styles.trial}>
      <Button size="small" icon={<IconPlugConnected size={16} />} isBusy={trial.isPending} onClick={() => trial.mutate({ url, country })}>
        {t('company.geocoder_try')}
      </Button>
      <div className={styles.answer}>
        {isAnswered && trial.isError && <Banner tone="error">{errorText(trial.error)}</Banner>}
        {isAnswered && trial.isSuccess && (
          <Banner tone={trial.data.place === null ? 'warning' : 'success'}>
            {trial.data.place === null ? t('company.geocoder_knows_not', { name }) : t('company.geocoder_works', { name: trial.data.place.name ?? name })}
          </Banner>
        )}
      </div>
    </div>
  );
}
