import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { Page } from '@/ui/Page';
import { Appearance } from './Appearance';
import { AppPasswords } from './AppPasswords';
import { CalendarAddresses } from './CalendarAddresses';
import { NotificationSettings } from './NotificationSettings';
import { OpenSessions } from './OpenSessions';
import { OwnFormats } from './OwnFormats';
import { OwnPhoto } from './OwnPhoto';
import { PasswordForm } from './PasswordForm';
import { PersonForm } from './PersonForm';
import { Identities } from './sign-in/Identities';
import { SecondStep } from './sign-in/SecondStep';

/** What everyone sets for himself. */
export function ProfileScreen({ hours }: { hours: ReactNode }) {
  const { t } = useTranslation('settings');
  const hasAddressBook = useMay('address_book');
  return (
    <Page isInner width="form" title={t('nav.profile')}>
      <OwnPhoto />
      <PersonForm />
      <OwnFormats />
      {hours}
      <Appearance />
      <NotificationSettings />
      <PasswordForm />
      <SecondStep />
      <Identities />
      <OpenSessions />
      {hasAddressBook && <AppPasswords />}
      {hasAddressBook && <CalendarAddresses />}
    </Page>
  );
}
