import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Labels, LayoutBlock, ObjectType } from '@/api/types';
import { ConditionChips } from '@/records/filter-bar/ConditionChips';
import { isStandardBlock, useBlockTitle } from '@/records/layout';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { useFormat } from '@/ui/use-format';
import { parseFilter, printFilter } from '@/util/filter-text';
import { filledLabels, isNamed, labelTexts } from '../field-draft';
import { LabelInputs } from '../LabelInputs';
import styles from './builder.module.css';

const FORM_ID = 'block-form';
/** As the server has it. */
const LONGEST_NAME = 120;

export interface BlockDialogProps {
  type: ObjectType;
  /** The block to change; null makes one. */
  block: LayoutBlock | null;
  onApply: (labels: Labels, shownIf: string | null) => void;
  onClose: () => void;
}

/** Name and condition of a block. It belongs to the arrangement and is saved with it. */
export function BlockDialog({ type, block, onApply, onClose }: BlockDialogProps) {
  const { t } = useTranslation('builder');
  const format = useFormat();
  const title = useBlockTitle();
  const [start] = useState(() => labelTexts(block?.labels ?? {}));
  const [labels, setLabels] = useState(start);
  const [shownIf, setShownIf] = useState(block?.shown_if ?? '');
  const [isMissing, setIsMissing] = useState(false);
  const isStandard = block !== null && isStandardBlock(block.key);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isStandard && !isNamed(labels)) {
      setIsMissing(true);
      return;
    }
    onApply(filledLabels(labels), shownIf.trim() === '' ? null : shownIf);
    onClose();
  }

  const shortcuts = type.sections
    .map((section) => ({ key: section.key, label: format.label(section.labels), filter: printFilter(parseFilter(section.filter) ?? []) }))
    .filter(({ filter }) => filter !== '' && filter !== shownIf);

  return (
    <Dialog
      title={block === null ? t('new_block') : t('block_title', { name: title(block) })}
      isDirty={shownIf !== (block?.shown_if ?? '') || JSON.stringify(labels) !== JSON.stringify(start)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID}>
            {block === null ? t('add_block') : t('apply')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} noValidate onSubmit={submit}>
        <FormField
          controlId="block-name"
          label={t('block_name')}
          isRequired={!isStandard}
          hint={isStandard ? t('standard_block_hint') : t('block_name_hint')}
          error={isMissing ? t('name_the_block') : undefined}
        >
          <LabelInputs
            id="block-name"
            label={t('block_name')}
            texts={labels}
            maxLength={LONGEST_NAME}
            isInvalid={isMissing}
            hasAutoFocus
            onChange={(texts) => {
              setLabels(texts);
              setIsMissing(false);
            }}
          />
        </FormField>
        <div className={styles.conditionField} role="group" aria-labelledby="block-condition">
          <span id="block-condition" className={styles.label}>
            {t('shown_if')}
          </span>
          <div className={styles.chips}>
            {shownIf === '' && <span className={styles.quiet}>{t('always')}</span>}
            <ConditionChips type={type} filter={shownIf} onChange={setShownIf} />
          </div>
          {shortcuts.length > 0 && (
            <div className={styles.chips}>
              {shortcuts.map(({ key, label, filter }) => (
                <Button key={key} size="small" look="link" onClick={() => setShownIf(filter)}>
                  {t('only_for', { name: label })}
                </Button>
              ))}
            </div>
          )}
        </div>
      </form>
    </Dialog>
  );
}
