import { useTranslation } from 'react-i18next';
import type { Field, FieldSettings, ObjectType } from '@/api/types';
import { fieldEditors } from '@/fields/editors';
import { fieldKind } from '@/fields/registry';
import { ConditionChips } from '@/records/filter-bar/ConditionChips';
import { FilterWords } from '@/records/filter-bar/FilterWords';
import { errorId, FieldError, FormField } from '@/ui/FormField';
import { hasDefault, type FieldDraft } from './field-draft';
import styles from './FieldDialog.module.css';
import { LabelInputs } from './LabelInputs';
import { splitCondition } from './own-condition';

export interface FieldCharacteristicsProps {
  type: ObjectType;
  /** Null for a new one. */
  field: Field | null;
  draft: FieldDraft;
  /** What the kind says as it stands in the dialog. */
  settings: FieldSettings;
  /** What the server refused, in words, by the name of the part. */
  problems: Readonly<Record<string, string>>;
  onChange: (patch: Partial<FieldDraft>) => void;
}

/** Beyond name and kind: the default of new records, a word about what to enter, and when the field shows and is required. */
export function FieldCharacteristics({ type, field, draft, settings, problems, onChange }: FieldCharacteristicsProps) {
  const { t } = useTranslation('settings');
  const isDerived = field?.is_read_only === true;
  return (
    <>
      {!isDerived && hasDefault(draft, field === null) && (
        <DefaultValue draft={draft} settings={settings} problem={problems.default} onChange={(defaultValue) => onChange({ defaultValue })} />
      )}
      <FormField controlId="field-hint" label={t('fields.hint')} hint={t('fields.hint_hint')} error={problems.hint}>
        <LabelInputs id="field-hint" label={t('fields.hint')} texts={draft.hint} onChange={(hint) => onChange({ hint })} />
      </FormField>
      <ConditionField
        name="shown_if"
        label={t('fields.shown_if')}
        always={t('fields.shown_always')}
        type={type}
        field={field}
        own={draft.shownIf}
        problem={problems.shown_if}
        onChange={(shownIf) => onChange({ shownIf })}
      />
      {!isDerived && !draft.isRequired && (
        <ConditionField
          name="required_if"
          label={t('fields.required_if')}
          always={t('fields.required_never')}
          type={type}
          field={field}
          own={draft.requiredIf}
          problem={problems.required_if}
          onChange={(requiredIf) => onChange({ requiredIf })}
        />
      )}
    </>
  );
}

interface DefaultValueProps {
  draft: FieldDraft;
  settings: FieldSettings;
  problem: string | undefined;
  onChange: (value: FieldDraft['defaultValue']) => void;
}

/** The input of the kind itself: what may stand in the field may be its default. */
function DefaultValue({ draft, settings, problem, onChange }: DefaultValueProps) {
  const { t } = useTranslation('settings');
  const { Input } = fieldEditors(draft.kind);
  const { editing } = fieldKind(draft.kind);
  const stand: Field = {
    id: 0,
    name: 'default',
    labels: {},
    kind: draft.kind,
    is_custom: true,
    is_read_only: false,
    is_required: false,
    is_retired: false,
    is_sortable: false,
    is_filterable: false,
    access: 'write',
    group: draft.group,
    shown_if: null,
    required_if: null,
    default: null,
    operators: [],
    settings,
  };
  const input = (
    <Input
      id="field-default"
      field={stand}
      value={draft.defaultValue}
      problems={problem === undefined ? [] : [{ pointer: '/default', code: 'wrong_type' }]}
      describedBy={problem === undefined ? undefined : errorId('field-default')}
      onChange={onChange}
    />
  );
  if (editing !== 'sheet') {
    return (
      <FormField controlId="field-default" label={t('fields.default')} error={problem}>
        {input}
      </FormField>
    );
  }
  return (
    <fieldset className={styles.options}>
      <legend className={styles.legend}>{t('fields.default')}</legend>
      {input}
      {problem !== undefined && <FieldError id={errorId('field-default')}>{problem}</FieldError>}
    </fieldset>
  );
}

interface ConditionFieldProps {
  name: 'shown_if' | 'required_if';
  label: string;
  /** What holds without a condition. */
  always: string;
  type: ObjectType;
  field: Field | null;
  own: string;
  problem: string | undefined;
  onChange: (condition: string) => void;
}

/** A condition as chips; what the program itself says of a standard field is told and stays. */
function ConditionField({ name, label, always, type, field, own, problem, onChange }: ConditionFieldProps) {
  const { t } = useTranslation('settings');
  const fixed = field === null ? null : splitCondition(field, name).fixed;
  return (
    <div className={styles.condition} role="group" aria-labelledby={`field-${name}`} data-problem={problem === undefined ? undefined : ''}>
      <span id={`field-${name}`} className={styles.legend}>
        {label}
      </span>
      {fixed !== null && (
        <p className={styles.fixed}>
          {t('fields.fixed_condition')} <FilterWords type={type} filter={fixed} />
        </p>
      )}
      <div className={styles.chips}>
        {own === '' && fixed === null && <span className={styles.always}>{always}</span>}
        <ConditionChips type={type} filter={own} onChange={onChange} />
      </div>
      {problem !== undefined && <FieldError>{problem}</FieldError>}
    </div>
  );
}
