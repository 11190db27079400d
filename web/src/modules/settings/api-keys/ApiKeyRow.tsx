import { useTranslation } from 'react-i18next';
import type { ApiKey } from '@/api/api-keys';
import { useCatalog } from '@/api/catalog';
import { useCodeText } from '@/api/errors';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import styles from './ApiKeys.module.css';

interface ApiKeyRowProps {
  apiKey: ApiKey;
  showsOwner: boolean;
  onRevoke: () => void;
}

/** What a key may, how it was used, and what it was refused. */
export function ApiKeyRow({ apiKey, showsOwner, onRevoke }: ApiKeyRowProps) {
  const { t } = useTranslation('api-keys');
  const format = useFormat();
  const codeText = useCodeText();
  const { object_types: types } = useCatalog();
  const { name, expires_at: end, last_used_at: usedAt, last_address: address, last_error: error, last_error_at: errorAt } = apiKey;
  const labels = apiKey.types?.map((type) => format.label(types.find((known) => known.name === type)?.labels_plural) || type);
  const may = [
    ...(showsOwner ? [t('acts_as', { user: apiKey.user.title ?? t('nobody') })] : []),
    t(apiKey.may_write ? 'writes' : 'reads'),
    labels === undefined ? t('all_records') : format.list(labels),
  ];
  const used = [
    usedAt === null ? t('never_used') : t('used', { when: format.recent(usedAt) }),
    ...(address === null ? [] : [address]),
    ...(apiKey.written_today > 0 ? [t('written', { count: apiKey.written_today })] : []),
    ...(apiKey.refused_today > 0 ? [t('refused', { count: apiKey.refused_today })] : []),
  ];
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        <p>{may.join(' · ')}</p>
        <p className={styles.hint}>{used.join(' · ')}</p>
        {error !== null && errorAt !== null && (
          <p className={styles.hint}>{t('last_refusal', { when: format.recent(errorAt), why: codeText(error, {}) })}</p>
        )}
      </div>
      <div className={styles.end}>
        <Badge color={apiKey.is_over ? 'red' : end === null ? 'amber' : 'grey'}>
          {end === null ? t('never_ends') : t(apiKey.is_over ? 'ended' : 'ends', { when: format.recent(end) })}
        </Badge>
        <Button size="small" aria-label={t('revoke_named', { name })} onClick={onRevoke}>
          {t('revoke')}
        </Button>
      </div>
    </li>
  );
}
