import { IconCopy, IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { Button } from '@/ui/Button';
import { copyText } from '@/ui/copy-text';
import { recoveryFile } from './recovery-file';
import styles from './sign-in.module.css';

/** The codes to keep, with ways to take them along. */
export function RecoveryCodeList({ codes }: { codes: readonly string[] }) {
  const { t } = useTranslation('sign-in');
  const { user } = useSession();

  function save(): void {
    const text = recoveryFile(t('file_head', { login: user.login, address: window.location.host }), codes);
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = t('file_name', { login: user.login });
    link.click();
    URL.revokeObjectURL(url);
  }

  return (
    <>
      <ol className={styles.codes} aria-label={t('recovery')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className={styles.ways}>
        <Button icon={<IconDownload size={16} />} onClick={save}>
          {t('download')}
        </Button>
        <Button icon={<IconCopy size={16} />} onClick={() => void copyText(codes.join('\n'), t('codes_copied'))}>
          {t('copy_codes')}
        </Button>
      </div>
    </>
  );
}
