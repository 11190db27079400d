import { IconArchive, IconArchiveOff, IconArrowDown, IconArrowUp, IconGauge, IconLanguage, IconPlus, IconUsers, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '@/api/types';
import { teamsQuery } from '@/records/teams';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { LANGUAGE_NAMES } from '@/util/languages';
import { ColorChoice } from './ColorChoice';
import { moveOption, newOption, withNumber, withTeams, type OptionDraft } from './field-draft';
import styles from './FieldDialog.module.css';
import { languagesFrom } from './LabelInputs';

const NO_TEAMS: RecordItem[] = [];

export interface OptionsEditorProps {
  options: readonly OptionDraft[];
  meanings: readonly string[];
  /** They can be the columns of a board, which have limits. */
  isColumns: boolean;
  onChange: (options: OptionDraft[]) => void;
}

/** The options of a list: names, colours, order. One in use is retired, never removed: cards may hold it. */
export function OptionsEditor({ options, meanings, isColumns, onChange }: OptionsEditorProps) {
  const { t } = useTranslation('settings');
  const list = useRef<HTMLOListElement>(null);
  const [isTranslating, setIsTranslating] = useState(false);
  const teams = useQuery({ ...teamsQuery, enabled: isColumns }).data ?? NO_TEAMS;
  const [isOffering, setIsOffering] = useState(() => options.some(({ traits }) => (traits.teams ?? []).length > 0));
  const [isLimiting, setIsLimiting] = useState(() => options.some(({ traits }) => traits.max_records !== undefined));

  function change(id: string, patch: Partial<OptionDraft>): void {
    onChange(options.map((option) => (option.id === id ? { ...option, ...patch } : option)));
  }

  function add(): void {
    onChange([...options, newOption(meanings[0])]);
    // The new row exists after the next drawing.
    window.setTimeout(() => list.current?.querySelector<HTMLElement>('li:last-child input')?.focus());
  }

  return (
    <fieldset className={styles.options}>
      <div className={styles.optionsHead}>
        <legend className={styles.legend}>{t('fields.options')}</legend>
        {isColumns && (
          <Button look="plain" size="small" icon={<IconGauge size={16} />} aria-pressed={isLimiting} title={t('fields.max_records_hint')} onClick={() => setIsLimiting(!isLimiting)}>
            {t('fields.limits')}
          </Button>
        )}
        {teams.length > 0 && (
          <Button look="plain" size="small" icon={<IconUsers size={16} />} aria-pressed={isOffering} title={t('fields.teams_hint')} onClick={() => setIsOffering(!isOffering)}>
            {t('fields.teams')}
          </Button>
        )}
        <Button look="plain" size="small" icon={<IconLanguage size={16} />} aria-pressed={isTranslating} onClick={() => setIsTranslating(!isTranslating)}>
          {t('fields.translations')}
        </Button>
      </div>
      <ol ref={list} className={styles.optionList}>
        {options.map((option, index) => (
          <OptionRow
            key={option.id}
            option={option}
            meanings={meanings}
            hasPercent={options.some((other) => other.traits.percent !== undefined)}
            number={index + 1}
            isFirst={index === 0}
            isLast={index === options.length - 1}
            isTranslating={isTranslating}
            isLimiting={isColumns && isLimiting}
            teams={isOffering ? teams : NO_TEAMS}
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
  meanings: readonly string[];
  /** Options of this list have a chance of success. */
  hasPercent: boolean;
  number: number;
  isFirst: boolean;
  isLast: boolean;
  isTranslating: boolean;
  isLimiting: boolean;
  /** Those that it may be offered to alone. */
  teams: readonly RecordItem[];
  onChange: (patch: Partial<OptionDraft>) => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
  onEnter: () => void;
}

function OptionRow({ option, meanings, hasPercent, number, isFirst, isLast, isTranslating, isLimiting, teams, onChange, onMove, onRemove, onEnter }: OptionRowProps) {
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
        {(meanings.length > 0 || isLimiting) && (
          <div className={styles.traits}>
            {meanings.length > 0 && (
              <Select
                size="small"
                aria-label={t('fields.meaning_of', { label })}
                value={option.traits.meaning ?? ''}
                options={meanings.map((meaning) => ({ value: meaning, label: t(`fields.meanings.${meaning}`, { defaultValue: meaning }) }))}
                onChange={(meaning) => onChange({ traits: { ...option.traits, meaning } })}
              />
            )}
            {hasPercent && (
              <TextInput
                className={styles.percent}
                inputMode="numeric"
                aria-label={t('fields.percent_of', { label })}
                placeholder="%"
                value={option.traits.percent?.toString() ?? ''}
                onChange={(event) => onChange({ traits: withNumber(option.traits, 'percent', event.target.value) })}
              />
            )}
            {meanings.length > 0 && (
              <TextInput
                className={styles.percent}
                inputMode="numeric"
                aria-label={t('fields.max_days_of', { label })}
                placeholder={t('fields.max_days')}
                title={t('fields.max_days_hint')}
                value={option.traits.max_days?.toString() ?? ''}
                onChange={(event) => onChange({ traits: withNumber(option.traits, 'max_days', event.target.value) })}
              />
            )}
            {isLimiting && (
              <TextInput
                className={styles.percent}
                inputMode="numeric"
                aria-label={t('fields.max_records_of', { label })}
                placeholder={t('fields.max_records')}
                title={t('fields.max_records_hint')}
                value={option.traits.max_records?.toString() ?? ''}
                onChange={(event) => onChange({ traits: withNumber(option.traits, 'max_records', event.target.value) })}
              />
            )}
          </div>
        )}
        {teams.length > 0 && <OfferedTo label={label} teams={teams} chosen={option.traits.teams ?? []} onChange={(chosen) => onChange({ traits: withTeams(option.traits, chosen) })} />}
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

interface OfferedToProps {
  /** Of the option. */
  label: string;
  teams: readonly RecordItem[];
  chosen: readonly number[];
  onChange: (chosen: number[]) => void;
}

/** The teams whose people are offered an option for new records; with none of them it is offered to everybody. */
function OfferedTo({ label, teams, chosen, onChange }: OfferedToProps) {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.offered} role="group" aria-label={t('fields.teams_of', { label })}>
      <span>{t(chosen.length === 0 ? 'fields.offered_to_all' : 'fields.offered_to')}</span>
      {teams.map(({ id, title }) => {
        const isChosen = chosen.includes(id);
        return (
          <button key={id} type="button" className={styles.teamChip} aria-pressed={isChosen} onClick={() => onChange(isChosen ? chosen.filter((other) => other !== id) : [...chosen, id])}>
            {title}
          </button>
        );
      })}
    </div>
  );
}
