import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { duplicateCountQuery, useMergeAll } from '@/api/duplicates';
import { useErrorText } from '@/api/errors';
import type { MergeRule, ObjectType } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './DuplicatesScreen.module.css';

const LEVELS = ['90', '75', '60'] as const;
const RULES: readonly MergeRule[] = ['most_complete', 'oldest', 'most_recent'];

/** Merging every group that is sure enough; says how many there are before. */
export function MergeAllDialog({ type, onClose }: { type: ObjectType; onClose: () => void }) {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  const errorText = useErrorText();
  const mergeAll = useMergeAll();
  const [level, setLevel] = useState<string>(LEVELS[0]);
  const [rule, setRule] = useState<string>(RULES[0] ?? '');
  const count = useQuery(duplicateCountQuery(type.name, Number(level)));
  const more = count.data?.is_capped === true ? '+' : '';
  const clusters = count.data?.clusters ?? 0;
  const number = format.number(clusters) + more;

  function start(): void {
    const chosen = RULES.find((candidate) => candidate === rule);
    if (chosen === undefined) return;
    mergeAll.mutate(
      { type: type.name, min_score: Number(level), rule: chosen },
      {
        onSuccess: () => {
          onClose();
          showToast(t('all_started'));
        },
      },
    );
  }

  return (
    <Dialog
      title={t('all_title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look="primary"
            isBusy={mergeAll.isPending}
            disabledReason={count.data === undefined ? t('counting') : clusters === 0 && t('all_none')}
            onClick={start}
          >
            {t('all_confirm', { count: clusters, number })}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p>{t('all_text')}</p>
        <FormField controlId="merge-level" label={t('which')}>
          <Select
            id="merge-level"
            data-autofocus=""
            value={level}
            options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))}
            onChange={setLevel}
          />
        </FormField>
        <FormField controlId="merge-rule" label={t('rule')}>
          <Select id="merge-rule" value={rule} options={RULES.map((value) => ({ value, label: t(`rules.${value}`) }))} onChange={setRule} />
        </FormField>
        <p className={styles.found} role="status">
          {count.data === undefined
            ? t('counting')
            : clusters === 0
              ? t('all_none')
              : t('all_found', { clusters: number, records: format.number(count.data.records) + more })}
        </p>
        {(mergeAll.isError || count.isError) && <Banner tone="error">{errorText(mergeAll.error ?? count.error)}</Banner>}
      </div>
    </Dialog>
  );
}
