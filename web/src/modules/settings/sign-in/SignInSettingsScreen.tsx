import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Providers } from './Providers';
import { SignInRules } from './SignInRules';

/** How people come in: what is asked of everybody, and with whose accounts; for administrators. */
export function SignInSettingsScreen() {
  const { t } = useTranslation(['sign-in', 'settings']);
  const { permissions } = useSession();
  if (!permissions.administer) return <EmptyState title={t('settings:administrators_only')}>{t('settings:administrators_only_text')}</EmptyState>;
  return (
    <Page isInner width="form" title={t('sign_in')} intro={t('sign_in_intro')}>
      <SignInRules />
      <Providers />
    </Page>
  );
}
