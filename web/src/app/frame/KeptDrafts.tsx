import { IconPencil, IconX } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/IconButton';
import { dropDraft, type StoredDraft } from '@/util/drafts';
import styles from './SeenAsBanner.module.css';

/** What was typed when the last session ended, with the way back to where it was; the form holds it again once it is opened. */
export function KeptDrafts({ drafts }: { drafts: readonly (StoredDraft & { key: string })[] }) {
  const { t } = useTranslation('app');
  const router = useRouter();
  return (
    <div className={styles.banner} role="status">
      <IconPencil size={16} aria-hidden="true" />
      <span className={styles.kept}>
        {t('kept')}
        {drafts.map(({ key, label, path }) => (
          <span key={key} className={styles.keptOne}>
            <a
              href={path}
              className={styles.keptLink}
              onClick={(event) => {
                event.preventDefault();
                void router.navigate({ href: path });
              }}
            >
              {label}
            </a>
            <IconButton size="small" label={t('kept_drop', { name: label })} icon={<IconX size={14} />} onClick={() => dropDraft(key)} />
          </span>
        ))}
      </span>
    </div>
  );
}
