import { IconLogin2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useBeginProvider, type ProviderButton } from '@/api/providers';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import styles from './EntrancePage.module.css';

export interface ProviderButtonsProps {
  providers: readonly ProviderButton[];
  next: string | undefined;
  /** There is no other way in, so they stand first. */
  isOnly: boolean;
}

/** Logins with an account that somebody else keeps. */
export function ProviderButtons({ providers, next, isOnly }: ProviderButtonsProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const begin = useBeginProvider();
  const busy = begin.isPending || begin.isSuccess ? begin.variables.id : null;
  return (
    <div className={isOnly ? styles.form : styles.other}>
      {begin.isError && <Banner tone="error">{errorText(begin.error)}</Banner>}
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          look={isOnly ? 'primary' : undefined}
          icon={<IconLogin2 size={16} />}
          isBusy={busy === id}
          onClick={() => begin.mutate({ id, wish: 'log_in', next })}
        >
          {t('entrance.with', { name })}
        </Button>
      ))}
    </div>
  );
}
