import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useSwitchRetentionRule, useTryRetentionRule, type RetentionReach, type RetentionRule, type RetentionRules } from '@/api/retention';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './PersonalData.module.css';
import { useRuleText } from './use-rule-text';

/** What a rule would reach now, and what it would leave; behind it the rule may be switched on. */
export function DryRunDialog({ rule, types, onClose }: { rule: RetentionRule; types: RetentionRules['types']; onClose: () => void }) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const ruleText = useRuleText(types);
  const { mutate, data: reach, error, isPending, isIdle } = useTryRetentionRule();
  const turn = useSwitchRetentionRule();
  const isAsked = useRef(false);

  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    mutate(rule.id);
  }, [mutate, rule.id]);

  function switchOn(): void {
    turn.mutate(
      { id: rule.id, is_active: true },
      {
        onSuccess: () => {
          showToast(t('retention.switched_on'));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('retention.dry.title', { name: rule.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          {!rule.is_active && (
            <Button look="primary" isBusy={turn.isPending} disabledReason={reach === undefined ? t('retention.dry.wait') : null} onClick={switchOn}>
              {t('retention.switch_on')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.form}>
        <p className={styles.hint}>{ruleText(rule)}</p>
        {(isPending || isIdle) && <Skeleton lines={6} label={t('loading')} />}
        {error !== null && <Banner tone="error">{errorText(error)}</Banner>}
        {turn.isError && <Banner tone="error">{errorText(turn.error)}</Banner>}
        {reach !== undefined && <Reach rule={rule} reach={reach} />}
      </div>
    </Dialog>
  );
}

const WHY = ['held', 'restricted', 'staff'] as const;

function Reach({ rule, reach }: { rule: RetentionRule; reach: RetentionReach }) {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const number = format.number(reach.count) + (reach.is_capped ? '+' : '');
  const left = WHY.filter((why) => reach.left[why] > 0);
  return (
    <>
      <p role="status" className={styles.count}>
        {t(`retention.dry.${rule.action}`, { count: reach.count, number })}
      </p>
      {left.length > 0 && (
        <ul className={styles.list}>
          {left.map((why) => (
            <li key={why}>{t(`retention.left.${why}`, { count: reach.left[why], number: format.number(reach.left[why]) })}</li>
          ))}
        </ul>
      )}
      {reach.examples.length > 0 && (
        <section>
          <h3 className={styles.heading}>{t('retention.dry.first')}</h3>
          <ul className={styles.examples}>
            {reach.examples.map((example) => (
              <li key={example.id} className={styles.example}>
                <Link {...paths.card(rule.object_type, example.id)} target="_blank" className={styles.download}>
                  {example.title}
                </Link>
                <span className={styles.muted}>{format.instant(rule.basis === 'creation' ? example.created_at : example.updated_at)}</span>
              </li>
            ))}
          </ul>
          <p className={styles.hint}>
            <Link {...paths.list(rule.object_type, { filter: reach.list_filter })} target="_blank" className={styles.download}>
              {t('retention.dry.as_list')}
            </Link>
          </p>
        </section>
      )}
    </>
  );
}
