import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useSession } from '@/api/session';
import { Checkbox } from '@/ui/Checkbox';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { PICTURE_SIDES, type FieldDraft } from './field-draft';
import styles from './FieldDialog.module.css';
import { OptionsEditor } from './OptionsEditor';

const MOST_DECIMALS = 6;

export interface KindSettingsProps {
  draft: FieldDraft;
  isNew: boolean;
  onChange: (patch: Partial<FieldDraft>) => void;
}

/** What a field of this kind needs to know beyond its name. */
export function KindSettings({ draft, isNew, onChange }: KindSettingsProps) {
  switch (draft.kind) {
    case 'choice':
    case 'choice_set':
      return <OptionsEditor options={draft.options} meanings={draft.meanings} isColumns={draft.kind === 'choice'} onChange={(options) => onChange({ options })} />;
    case 'number':
      return <NumberSettings draft={draft} onChange={onChange} />;
    case 'money':
      return <CurrencySettings draft={draft} onChange={onChange} />;
    case 'reference':
    case 'reference_set':
      return isNew ? <TargetSettings draft={draft} onChange={onChange} /> : null;
    case 'file':
      return isNew ? <PictureSettings draft={draft} onChange={onChange} /> : null;
    default:
      return null;
  }
}

type PartProps = Pick<KindSettingsProps, 'draft' | 'onChange'>;

function PictureSettings({ draft, onChange }: PartProps) {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.settings}>
      <Checkbox label={t('fields.is_picture')} isChecked={draft.isPicture} onChange={(isPicture) => onChange({ isPicture })} />
      {draft.isPicture && (
        <FormField controlId="field-picture-side" label={t('fields.picture_side')} hint={t('fields.picture_hint')}>
          <Select
            id="field-picture-side"
            value={String(draft.pictureSide)}
            options={PICTURE_SIDES.map((side) => ({ value: String(side), label: t('fields.picture_fits', { side }) }))}
            onChange={(side) => onChange({ pictureSide: Number(side) })}
          />
        </FormField>
      )}
    </div>
  );
}

function NumberSettings({ draft, onChange }: PartProps) {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.triple}>
      <FormField controlId="field-decimals" label={t('fields.decimals')}>
        <Select
          id="field-decimals"
          value={String(draft.decimals)}
          options={Array.from({ length: MOST_DECIMALS + 1 }, (_, decimals) => ({ value: String(decimals), label: String(decimals) }))}
          onChange={(decimals) => onChange({ decimals: Number(decimals) })}
        />
      </FormField>
      {(['minimum', 'maximum'] as const).map((key) => (
        <FormField key={key} controlId={`field-${key}`} label={key === 'minimum' ? t('fields.minimum') : t('fields.maximum')}>
          <TextInput
            id={`field-${key}`}
            inputMode="decimal"
            placeholder={t('fields.no_limit')}
            value={draft[key]}
            onChange={(event) => onChange({ [key]: event.target.value })}
          />
        </FormField>
      ))}
    </div>
  );
}

function CurrencySettings({ draft, onChange }: PartProps) {
  const { t } = useTranslation('settings');
  const { currencies } = useSession().installation;
  const all = [...new Set([...currencies, ...draft.currencies])];
  return (
    <fieldset>
      <legend className={styles.legend}>{t('fields.currencies')}</legend>
      <p className={styles.hint}>{t('fields.currencies_hint')}</p>
      <div className={styles.currencies}>
        {all.map((currency) => (
          <Checkbox
            key={currency}
            label={currency}
            isChecked={draft.currencies.includes(currency)}
            onChange={(isChecked) =>
              onChange({
                currencies: isChecked ? [...draft.currencies, currency] : draft.currencies.filter((other) => other !== currency),
              })
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

function TargetSettings({ draft, onChange }: PartProps) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const types = useCatalog().object_types.filter((type) => !type.is_system || type.name === 'user');
  return (
    <FormField controlId="field-target" label={t('fields.target')}>
      <Select
        id="field-target"
        value={draft.target}
        options={types.map((type) => ({ value: type.name, label: format.label(type.labels_plural) }))}
        onChange={(target) => onChange({ target })}
      />
    </FormField>
  );
}
