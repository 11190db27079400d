import { IconLogin2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useBeginProvider, useIdentities, useUnlinkIdentity, type LinkedIdentity } from '@/api/providers';
import { setupQuery } from '@/api/session';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/Dialog';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from '../ProfileScreen.module.css';
import { LinkDirectoryDialog } from './LinkDirectoryDialog';
import { usePasswordAgain } from './use-password-again';

/** The own accounts of identity providers; nothing where there are neither accounts nor providers. */
export function Identities() {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const identities = useIdentities();
  const setup = useQuery(setupQuery);
  const begin = useBeginProvider();
  const { run, question } = usePasswordAgain();
  const [linking, setLinking] = useState<{ id: number; name: string } | null>(null);
  const items = identities.data?.items ?? [];
  const open = (setup.data?.providers ?? []).filter(({ id }) => items.every((identity) => identity.provider_id !== id));
  if (items.length === 0 && open.length === 0) return null;
  const fail = (error: unknown): void => showToast(errorText(error), { tone: 'error' });
  return (
    <section className={styles.section} aria-labelledby="profile-identities">
      <div>
        <h2 id="profile-identities" className={styles.heading}>
          {t('providers.own')}
        </h2>
        <p className={styles.hint}>{t('providers.own_hint')}</p>
      </div>
      <ul className={styles.sessions}>
        {items.map((identity) => (
          <IdentityRow key={identity.id} identity={identity} />
        ))}
        {open.map(({ id, name, is_directory: isDirectory }) => (
          <li key={id} className={styles.session}>
            <IconLogin2 size={20} stroke={1.5} aria-hidden="true" />
            <div className={styles.device}>
              <p className={styles.deviceName}>{name}</p>
              <p className={styles.hint}>{t('providers.not_linked')}</p>
            </div>
            <Button
              size="small"
              aria-label={t('providers.link_named', { name })}
              onClick={() => {
                if (isDirectory) setLinking({ id, name });
                else run(() => begin.mutateAsync({ id, wish: 'link', next: '/settings/profile' }), { onSuccess: () => undefined, onError: fail });
              }}
            >
              {t('providers.link')}
            </Button>
          </li>
        ))}
      </ul>
      {question}
      {linking !== null && <LinkDirectoryDialog {...linking} onClose={() => setLinking(null)} />}
    </section>
  );
}

function IdentityRow({ identity }: { identity: LinkedIdentity }) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const format = useFormat();
  const unlink = useUnlinkIdentity();
  const [asks, setAsks] = useState(false);
  const { run, question } = usePasswordAgain();
  const name = identity.provider;
  const details = [
    identity.email,
    identity.last_used_at === null ? t('providers.linked_at', { when: format.recent(identity.created_at) }) : t('passkey_used', { when: format.recent(identity.last_used_at) }),
  ];

  function remove(): void {
    setAsks(false);
    run(() => unlink.mutateAsync(identity.id), {
      onSuccess: () => showToast(t('providers.unlinked', { name })),
      onError: (error) => showToast(errorText(error), { tone: 'error' }),
    });
  }

  return (
    <li className={styles.session}>
      <IconLogin2 size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName}>{name}</p>
        <p className={styles.hint}>{details.filter((detail) => detail !== null).join(' · ')}</p>
      </div>
      <Button size="small" aria-label={t('providers.unlink_named', { name })} isBusy={unlink.isPending} onClick={() => setAsks(true)}>
        {t('providers.unlink')}
      </Button>
      {asks && (
        <ConfirmDialog title={t('providers.unlink_title', { name })} confirmLabel={t('providers.unlink')} onConfirm={remove} onClose={() => setAsks(false)}>
          {t('providers.unlink_text')}
        </ConfirmDialog>
      )}
      {question}
    </li>
  );
}
