import { IconDownload, IconFileText } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { actPageUrl, actsQuery, type DestructionAct } from '@/api/personal-data';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './PersonalData.module.css';

/** The acts of destruction, each to be printed and signed. */
export function Acts() {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const { data, error, isPending, refetch } = useQuery(actsQuery);
  if (isPending) return <Skeleton lines={4} label={t('loading')} />;
  if (error !== null) return <ErrorState message={errorText(error)} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <EmptyState icon={<IconFileText size={20} />} title={t('acts.none')}>
        {t('acts.none_text')}
      </EmptyState>
    );
  }
  return (
    <div className={styles.acts}>
      <p className={styles.hint}>{t('acts.text')}</p>
      <Table label={t('parts.acts')}>
        <thead>
          <tr>
            <HeadCell>{t('acts.number')}</HeadCell>
            <HeadCell>{t('acts.when')}</HeadCell>
            <HeadCell>{t('acts.who')}</HeadCell>
            <HeadCell>{t('acts.cause')}</HeadCell>
            <HeadCell>
              <VisuallyHidden>{t('acts.page')}</VisuallyHidden>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {data.items.map((act) => (
            <ActRow key={act.id} act={act} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function ActRow({ act }: { act: DestructionAct }) {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  return (
    <tr>
      <Cell>{act.number}</Cell>
      <Cell>{format.instant(act.at)}</Cell>
      <Cell>{act.user ?? t('acts.by_rule')}</Cell>
      <Cell className={styles.muted}>{t(`causes.${act.cause}`)}</Cell>
      <Cell className={styles.end}>
        <a className={styles.download} href={actPageUrl(act)} download aria-label={t('acts.download', { number: act.number })}>
          <IconDownload size={16} aria-hidden="true" />
          {t('acts.page')}
        </a>
      </Cell>
    </tr>
  );
}
