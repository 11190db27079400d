import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { identityProvidersQuery, useOrderProviders, useRemoveProvider, type IdentityProvider } from '@/api/providers';
import { useChangeInstallation, useSession } from '@/api/session';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { ConfirmDialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useWanted } from '@/ui/use-wanted';
import profile from '../ProfileScreen.module.css';
import { DirectoryDialog } from './DirectoryDialog';
import { ProviderDialog } from './ProviderDialog';
import styles from './sign-in.module.css';

/** The identity providers in the order of their buttons, and whether they alone let people in. */
export function Providers() {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const list = useQuery(identityProvidersQuery);
  const order = useOrderProviders();
  const [adding, setAdding] = useState<'provider' | 'directory' | null>(null);
  const items = list.data?.items ?? [];
  const redirectUri = list.data?.redirect_uri ?? null;

  function move(from: number, to: number): void {
    const ids = items.map(({ id }) => id);
    ids.splice(to, 0, ...ids.splice(from, 1));
    order.mutate(ids, { onError: (error) => showToast(errorText(error), { tone: 'error' }) });
  }

  return (
    <section className={profile.section} aria-labelledby="identity-providers">
      <div>
        <h2 id="identity-providers" className={profile.heading}>
          {t('providers.title')}
        </h2>
        <p className={profile.hint}>{t('providers.intro')}</p>
      </div>
      {list.isPending && <Skeleton lines={2} label={t('loading')} />}
      {list.isError && list.data === undefined && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {items.length > 0 && (
        <ul className={profile.sessions}>
          {items.map((provider, place) => (
            <ProviderRow
              key={provider.id}
              provider={provider}
              redirectUri={redirectUri}
              onUp={place === 0 ? null : () => move(place, place - 1)}
              onDown={place === items.length - 1 ? null : () => move(place, place + 1)}
            />
          ))}
        </ul>
      )}
      {list.data !== undefined && (
        <div className={styles.ways}>
          <Button icon={<IconPlus size={16} />} disabledReason={redirectUri === null ? t('providers.need_address') : null} onClick={() => setAdding('provider')}>
            {t('providers.add')}
          </Button>
          <Button icon={<IconPlus size={16} />} onClick={() => setAdding('directory')}>
            {t('providers.add_directory')}
          </Button>
        </div>
      )}
      {list.data !== undefined && redirectUri === null && <p className={profile.hint}>{t('providers.need_address_hint')}</p>}
      {items.some((provider) => provider.is_active) && <OnlyProviders />}
      {adding === 'provider' && <ProviderDialog provider={null} redirectUri={redirectUri} onClose={() => setAdding(null)} />}
      {adding === 'directory' && <DirectoryDialog provider={null} onClose={() => setAdding(null)} />}
    </section>
  );
}

interface ProviderRowProps {
  provider: IdentityProvider;
  redirectUri: string | null;
  /** Null at the end of the list. */
  onUp: (() => void) | null;
  onDown: (() => void) | null;
}

function ProviderRow({ provider, redirectUri, onUp, onDown }: ProviderRowProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const remove = useRemoveProvider();
  const [dialog, setDialog] = useState<'change' | 'remove' | null>(null);
  const { name } = provider;
  const close = (): void => setDialog(null);
  return (
    <li className={profile.session}>
      <div className={profile.device}>
        <p className={profile.deviceName}>
          {name} {!provider.is_active && <Badge>{t('providers.off')}</Badge>}
        </p>
        <p className={profile.hint}>{provider.directory === null ? provider.issuer : `${provider.directory.host}:${provider.directory.port} · ${provider.directory.base_dn}`}</p>
      </div>
      <span className={styles.moves}>
        {onUp !== null && <IconButton label={t('providers.up', { name })} icon={<IconArrowUp size={16} />} onClick={onUp} />}
        {onDown !== null && <IconButton label={t('providers.down', { name })} icon={<IconArrowDown size={16} />} onClick={onDown} />}
      </span>
      <Button size="small" aria-label={t('providers.change_named', { name })} onClick={() => setDialog('change')}>
        {t('providers.change')}
      </Button>
      <Button size="small" aria-label={t('providers.remove_named', { name })} isBusy={remove.isPending} onClick={() => setDialog('remove')}>
        {t('providers.remove')}
      </Button>
      {dialog === 'change' && provider.directory === null && <ProviderDialog provider={provider} redirectUri={redirectUri} onClose={close} />}
      {dialog === 'change' && provider.directory !== null && <DirectoryDialog provider={provider} onClose={close} />}
      {dialog === 'remove' && (
        <ConfirmDialog
          title={t('providers.remove_title', { name })}
          confirmLabel={t('providers.remove')}
          onConfirm={() => {
            close();
            remove.mutate(provider.id, {
              onSuccess: () => showToast(t('providers.removed', { name })),
              onError: (error) => showToast(errorText(error), { tone: 'error' }),
            });
          }}
          onClose={close}
        >
          {t('providers.remove_text')}
        </ConfirmDialog>
      )}
    </li>
  );
}

const ONLY_HINT = 'only-providers-hint';

/** Passwords and passkeys for administrators alone. */
function OnlyProviders() {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const { installation } = useSession();
  const change = useChangeInstallation();
  const { shown, want } = useWanted(installation.only_identity_providers);

  function set(only: boolean): void {
    const saving = change.mutateAsync({ only_identity_providers: only });
    want(only, saving);
    saving.catch((error: unknown) => showToast(errorText(error), { tone: 'error' }));
  }

  return (
    <div>
      <Checkbox
        isChecked={shown}
        label={t('providers.only')}
        aria-describedby={ONLY_HINT}
        onChange={set}
      />
      <p id={ONLY_HINT} className={profile.hint}>
        {t('providers.only_hint')}
      </p>
    </div>
  );
}
