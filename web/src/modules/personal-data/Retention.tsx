import { IconEye, IconHourglass, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { retentionRulesQuery, useSwitchRetentionRule, type RetentionRule, type RetentionRules } from '@/api/retention';
import { FilterWords } from '@/records/filter-bar/FilterWords';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { showToast } from '@/ui/toast';
import { DeleteRuleDialog } from './DeleteRuleDialog';
import { DryRunDialog } from './DryRunDialog';
import styles from './PersonalData.module.css';
import { RetentionRuleDialog } from './RetentionRuleDialog';
import { RetentionRuns } from './RetentionRuns';
import { useRuleText } from './use-rule-text';

type Open = { what: 'edit'; rule: RetentionRule | null } | { what: 'dry' | 'delete'; rule: RetentionRule };

/** How long personal data is kept: rules, each off until somebody has seen what it reaches, and what they did. */
export function Retention() {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const { data, error, isPending, refetch } = useQuery(retentionRulesQuery);
  const [open, setOpen] = useState<Open | null>(null);
  if (isPending) return <Skeleton lines={4} label={t('loading')} />;
  if (error !== null) return <ErrorState message={errorText(error)} onRetry={() => void refetch()} />;
  const add = (
    <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setOpen({ what: 'edit', rule: null })}>
      {t('retention.new')}
    </Button>
  );
  const close = (): void => setOpen(null);
  return (
    <div className={styles.lists}>
      {data.items.length === 0 ? (
        <EmptyState icon={<IconHourglass size={20} />} title={t('retention.none')} actions={add}>
          {t('retention.none_text')}
        </EmptyState>
      ) : (
        <>
          <p className={styles.hint}>{t('retention.text')}</p>
          <Table label={t('retention.rules')}>
            <thead>
              <tr>
                <HeadCell>{t('retention.rule')}</HeadCell>
                <HeadCell>
                  <VisuallyHidden>{t('retention.actions')}</VisuallyHidden>
                </HeadCell>
              </tr>
            </thead>
            <tbody>
              {data.items.map((rule) => (
                <RuleRow key={rule.id} rule={rule} types={data.types} onOpen={setOpen} />
              ))}
            </tbody>
          </Table>
          <div>{add}</div>
        </>
      )}
      <RetentionRuns />
      {open?.what === 'edit' && (
        <RetentionRuleDialog rule={open.rule} types={data.types} onClose={close} onSaved={(rule) => setOpen(rule.checked_at === null ? { what: 'dry', rule } : null)} />
      )}
      {open?.what === 'dry' && <DryRunDialog rule={open.rule} types={data.types} onClose={close} />}
      {open?.what === 'delete' && <DeleteRuleDialog rule={open.rule} onClose={close} />}
    </div>
  );
}

function RuleRow({ rule, types, onOpen }: { rule: RetentionRule; types: RetentionRules['types']; onOpen: (open: Open) => void }) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const ruleText = useRuleText(types);
  const type = useObjectType(rule.object_type);
  const turn = useSwitchRetentionRule();
  const state = rule.is_active ? 'on' : rule.checked_at === null ? 'unseen' : 'off';
  return (
    <tr>
      <Cell>
        <div className={styles.rule}>
          <span className={styles.line}>
            {rule.name}
            <Badge color={state === 'on' ? 'green' : state === 'unseen' ? 'amber' : 'grey'}>{t(`retention.states.${state}`)}</Badge>
          </span>
          <span className={styles.muted}>{ruleText(rule)}</span>
          {rule.filter !== '' && <span className={styles.filter}>{type === undefined ? rule.filter : <FilterWords type={type} filter={rule.filter} />}</span>}
        </div>
      </Cell>
      <Cell className={styles.end}>
        <div className={styles.ruleActions}>
          {rule.is_active && (
            <Button
              size="small"
              isBusy={turn.isPending}
              onClick={() =>
                turn.mutate({ id: rule.id, is_active: false }, { onError: (error) => showToast(errorText(error), { tone: 'error' }) })
              }
            >
              {t('retention.switch_off')}
            </Button>
          )}
          <IconButton size="small" label={t('retention.look_named', { name: rule.name })} icon={<IconEye size={16} />} onClick={() => onOpen({ what: 'dry', rule })} />
          <IconButton size="small" label={t('retention.edit_named', { name: rule.name })} icon={<IconPencil size={16} />} onClick={() => onOpen({ what: 'edit', rule })} />
          <IconButton size="small" label={t('retention.delete_named', { name: rule.name })} icon={<IconTrash size={16} />} onClick={() => onOpen({ what: 'delete', rule })} />
        </div>
      </Cell>
    </tr>
  );
}
