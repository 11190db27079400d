import { IconCode } from '@tabler/icons-react';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSaveRetentionRule, type RetentionRule, type RetentionRuleInput, type RetentionRules } from '@/api/retention';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { ConditionChips } from '@/records/filter-bar/ConditionChips';
import { FilterTextForm } from '@/records/filter-bar/TextFilterChip';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FieldError, FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import styles from './PersonalData.module.css';

const FORM_ID = 'retention-rule';

type Draft = Omit<RetentionRuleInput, 'filter' | 'period'> & { filter: string; period: string };

function draftOf(rule: RetentionRule | null, types: RetentionRules['types']): Draft {
  if (rule === null) return { name: '', object_type: types[0]?.name ?? '', filter: '', basis: 'activity', period: '36', unit: 'months', action: 'trash' };
  const { name, object_type, filter, basis, period, unit, action } = rule;
  return { name, object_type, filter, basis, period: String(period), unit, action };
}

export interface RetentionRuleDialogProps {
  /** The rule to change; null makes one. */
  rule: RetentionRule | null;
  types: RetentionRules['types'];
  onClose: () => void;
  onSaved: (rule: RetentionRule) => void;
}

/** A retention rule: which records, for how long, and what happens then. */
export function RetentionRuleDialog({ rule, types, onClose, onSaved }: RetentionRuleDialogProps) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const save = useSaveRetentionRule();
  const [start] = useState(() => draftOf(rule, types));
  const kept = useDraft(`retention.${rule?.id ?? 'new'}`, rule?.name ?? t('retention.new_title'));
  const [draft, setDraft] = useKept(kept, 'draft', start);
  const type = useObjectType(draft.object_type);
  const key = useRef(newIdempotencyKey());
  const problems = fieldProblems(save.error);
  const problemOf = (field: string): string | undefined => {
    const problem = problems.get(field)?.[0];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  };
  const canErase = types.find((one) => one.name === draft.object_type)?.can_be_erased === true;

  function patch(part: Partial<Draft>): void {
    setDraft({ ...draft, ...part });
    save.reset();
    key.current = newIdempotencyKey();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const period = Number.parseInt(draft.period, 10);
    const input = { ...draft, period: Number.isNaN(period) ? 0 : period, action: canErase ? draft.action : ('trash' as const) };
    save.mutate({ id: rule?.id ?? null, input, idempotencyKey: key.current }, { onSuccess: onSaved });
  }

  return (
    <Dialog
      title={rule === null ? t('retention.new_title') : t('retention.edit_title', { name: rule.name })}
      isDirty={JSON.stringify(draft) !== JSON.stringify(start)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={save.isPending}>
            {t('retention.save')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <DraftNotice draft={kept} />
        {save.isError && problems.size === 0 && <Banner tone="error">{errorText(save.error)}</Banner>}
        <FormField controlId="retention-name" label={t('retention.name')} isRequired error={problemOf('name')}>
          <TextInput id="retention-name" data-autofocus="" autoComplete="off" value={draft.name} isInvalid={problems.has('name')} onChange={(event) => patch({ name: event.target.value })} />
        </FormField>
        {types.length > 1 && (
          <FormField controlId="retention-type" label={t('retention.type')} error={problemOf('object_type')}>
            <Select
              id="retention-type"
              value={draft.object_type}
              options={types.map((one) => ({ value: one.name, label: one.label ?? one.name }))}
              onChange={(value) => patch({ object_type: value, filter: '' })}
            />
          </FormField>
        )}
        {type !== undefined && (
          <div role="group" aria-labelledby="retention-filter-label" className={styles.text}>
            <span id="retention-filter-label" className={styles.label}>
              {t('retention.filter')}
            </span>
            <div className={styles.buttons}>
              <ConditionChips type={type} filter={draft.filter} onChange={(filter) => patch({ filter })} />
              <Popover label={t('retention.as_text')} trigger={<IconButton size="small" label={t('retention.as_text')} icon={<IconCode size={16} />} />}>
                {(close) => (
                  <FilterTextForm
                    text={draft.filter}
                    onApply={(filter) => {
                      patch({ filter });
                      close();
                    }}
                  />
                )}
              </Popover>
            </div>
            <p className={styles.hint}>{t('retention.filter_hint')}</p>
            {problems.has('filter') && <FieldError id="retention-filter-error">{problemOf('filter')}</FieldError>}
          </div>
        )}
        <div className={styles.text}>
          <span className={styles.label} aria-hidden="true">
            {t('retention.basis')}
          </span>
          <SegmentedChoice
            label={t('retention.basis')}
            value={draft.basis}
            options={(['activity', 'creation'] as const).map((value) => ({ value, label: t(`retention.bases.${value}`), hint: t(`retention.basis_hints.${value}`) }))}
            onChange={(basis) => patch({ basis })}
          />
          <p className={styles.hint}>{t(`retention.basis_hints.${draft.basis}`)}</p>
        </div>
        <div className={styles.columns}>
          <FormField controlId="retention-period" label={t('retention.period')} isRequired error={problemOf('period')}>
            <TextInput id="retention-period" inputMode="numeric" autoComplete="off" value={draft.period} isInvalid={problems.has('period')} onChange={(event) => patch({ period: event.target.value })} />
          </FormField>
          <FormField controlId="retention-unit" label={t('retention.unit')}>
            <Select
              id="retention-unit"
              value={draft.unit}
              options={(['months', 'days'] as const).map((value) => ({ value, label: t(`retention.units.${value}`) }))}
              onChange={(value) => patch({ unit: value as Draft['unit'] })}
            />
          </FormField>
        </div>
        <div className={styles.text}>
          <span className={styles.label} aria-hidden="true">
            {t('retention.action')}
          </span>
          <SegmentedChoice
            label={t('retention.action')}
            value={canErase ? draft.action : 'trash'}
            options={(canErase ? (['trash', 'erase'] as const) : (['trash'] as const)).map((value) => ({ value, label: t(`retention.fates.${value}`) }))}
            onChange={(action) => patch({ action })}
          />
        </div>
        {canErase && draft.action === 'erase' && <Banner tone="warning">{t('retention.final')}</Banner>}
        <p className={styles.hint}>{t('retention.kept')}</p>
      </form>
    </Dialog>
  );
}
