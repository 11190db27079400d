import { IconArchive, IconArchiveOff, IconArrowDown, IconArrowUp, IconLanguage, IconPlus, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { LANGUAGE_NAMES } from '@/util/languages';
import { ColorChoice } from './ColorChoice';
import { moveOption, newOption, type OptionDraft } from './field-draft';
import styles from './FieldDialog.module.css';
import { languagesFrom } from './LabelInputs';

export interface OptionsEditorProps {
  options: readonly OptionDraft[];
  onChange: (options: OptionDraft[]) => void;
}

/** The options of a list: names, colours, order. One in use is retired, never removed: cards may hold it. */
export function OptionsEditor({ options, onChange }: OptionsEditorProps) {
  const { t } = useTranslation('settings');
  const list = useRef<HTMLOListElement>(null);
  const [isTranslating, setIsTranslating] = useState(false);

  function change(id: string, patch: Partial<OptionDraft>): void {
    onChange(options.map((option) => (option.id === id ? { ...option, ...patch } : option)));
  }

  function add(): void {
    onChange([...options, newOption()]);
    // The new row exists after the next drawing.
    window.setTimeout(() => list.current?.querySelector<HTMLElement>('li:last-child input')?.focus());
  }

  return (
    <fieldset className={styles.options}>
      <div className={styles.optionsHead}>
        <legend className={styles.legend}>{t('fields.options')}</legend>
        <Button look="plain" size="small" icon={<IconLanguage size={16} />} aria-pressed={isTranslating} onClick={() => setIsTranslating(!isTranslating)}>
          {t('fields.translations')}
        </Button>
      </div>
      <ol ref={list} className={styles.optionList}>
        {options.map((option, index) => (
          <OptionRow
            key={option.id}
            option={option}
            number={index + 1}
            isFirst={index === 0}
            isLast={index === options.length - 1}
            isTranslating={isTranslating}
            onChange={(patch) => change(option.id, patch)}
            onMove={(step) => onChange(moveOption(options, index, step))}
            onRemove={() => onChange(options.filter((other) => other !== option))}
            onEnter={add}
          />
        ))}
      </ol>
      <Button look="dashed" size="small" icon={<IconPlus size={16} />} className={styles.addOption} onClick={add}>
        {t('fields.add_option')}
      </Button>
    </fieldset>
  );
}

interface OptionRowProps {
  option: OptionDraft;
  number: number;
  isFirst: boolean;
  isLast: boolean;
  isTranslating: boolean;
  onChange: (patch: Partial<OptionDraft>) => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
  onEnter: () => void;
}

function OptionRow({ option, number, isFirst, isLast, isTranslating, onChange, onMove, onRemove, onEnter }: OptionRowProps) {
  const { t } = useTranslation('settings');
  const { language } = useFormat();
  const languages = languagesFrom(language).slice(0, isTranslating ? undefined : 1);
  const label = t('fields.option', { number });
  return (
    <li className={styles.option} data-retired={option.isRetired || undefined}>
      <ColorChoice label={t('fields.color_of', { label })} color={option.color} onChange={(color) => onChange({ color })} />
      <div className={styles.optionTexts}>
        {languages.map((key) => (
          <TextInput
            key={key}
            aria-label={t('fields.label_in', { label, language: LANGUAGE_NAMES[key] })}
            placeholder={isTranslating ? LANGUAGE_NAMES[key] : Object.values(option.labels).find((text) => text !== '')}
            maxLength={200}
            value={option.labels[key]}
            onChange={(event) => onChange({ labels: { ...option.labels, [key]: event.target.value } })}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !isLast) return;
              event.preventDefault();
              onEnter();
            }}
          />
        ))}
      </div>
      <div className={styles.optionButtons}>
        <IconButton
          size="small"
          label={t('fields.move_up', { label })}
          icon={<IconArrowUp size={16} />}
          disabledReason={isFirst && t('fields.is_first')}
          onClick={() => onMove(-1)}
        />
        <IconButton
          size="small"
          label={t('fields.move_down', { label })}
          icon={<IconArrowDown size={16} />}
          disabledReason={isLast && t('fields.is_last')}
          onClick={() => onMove(1)}
        />
        {option.key === '' ? (
          <IconButton size="small" label={t('fields.remove_option', { label })} icon={<IconX size={16} />} onClick={onRemove} />
        ) : (
          <IconButton
            size="small"
            label={option.isRetired ? t('fields.restore_option', { label }) : t('fields.retire_option', { label })}
            icon={option.isRetired ? <IconArchiveOff size={16} /> : <IconArchive size={16} />}
            onClick={() => onChange({ isRetired: !option.isRetired })}
          />
        )}
      </div>
    </li>
  );
}
