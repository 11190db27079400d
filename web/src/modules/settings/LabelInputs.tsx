import { useTranslation } from 'react-i18next';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { LANGUAGE_NAMES, LANGUAGES, type Labels, type Language } from '@/util/languages';
import type { LabelTexts } from './field-draft';
import styles from './FieldDialog.module.css';

export interface LabelInputsProps {
  id: string;
  texts: LabelTexts;
  /** What is named; it becomes part of the spoken names of the inputs. */
  label: string;
  /** What is shown where nothing is written. */
  placeholders?: Labels;
  isInvalid?: boolean;
  hasAutoFocus?: boolean;
  maxLength?: number;
  onChange: (texts: LabelTexts) => void;
}

/** The own language first: the others may stay empty. */
export function languagesFrom(own: string): Language[] {
  return [...LANGUAGES].sort((a, b) => Number(b === own) - Number(a === own));
}

/** A name in the three languages. */
export function LabelInputs({ id, texts, label, placeholders, isInvalid = false, hasAutoFocus = false, maxLength = 200, onChange }: LabelInputsProps) {
  const { t } = useTranslation('settings');
  const { language } = useFormat();
  return (
    <div className={styles.labels}>
      {languagesFrom(language).map((key, index) => (
        <div key={key} className={styles.labelRow}>
          <span className={styles.language} aria-hidden="true">
            {key.toUpperCase()}
          </span>
          <TextInput
            id={index === 0 ? id : `${id}-${key}`}
            aria-label={t('fields.label_in', { label, language: LANGUAGE_NAMES[key] })}
            maxLength={maxLength}
            placeholder={placeholders?.[key]}
            value={texts[key]}
            isInvalid={isInvalid && index === 0}
            data-autofocus={hasAutoFocus && index === 0 ? '' : undefined}
            onChange={(event) => onChange({ ...texts, [key]: event.target.value })}
          />
        </div>
      ))}
    </div>
  );
}
