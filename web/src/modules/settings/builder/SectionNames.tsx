import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import { FormField } from '@/ui/FormField';
import { useFormat } from '@/ui/use-format';
import { filledLabels, labelTexts, type LabelTexts } from '../field-draft';
import { LabelInputs } from '../LabelInputs';
import { renameSection, type Arrangement } from './arrangement';
import styles from './builder.module.css';

export interface SectionNamesProps {
  type: ObjectType;
  arrangement: Arrangement;
  onChange: (arrangement: Arrangement) => void;
}

/** What the sections of a type are called: a trade may have dealers instead of clients. */
export function SectionNames({ type, arrangement, onChange }: SectionNamesProps) {
  const { t } = useTranslation('builder');
  return (
    <div className={styles.form}>
      <p className={styles.quiet}>{t('sections.intro')}</p>
      {type.sections.map((section) => (
        <SectionName
          key={section.key}
          section={section}
          labels={arrangement.sections[section.key] ?? {}}
          isRenamed={type.layout.sections[section.key] !== undefined}
          onChange={(labels) => onChange(renameSection(arrangement, section.key, labels))}
        />
      ))}
    </div>
  );
}

interface SectionNameProps {
  section: ObjectType['sections'][number];
  labels: Arrangement['sections'][string];
  /** The catalog tells its other name already, so its own is not known here. */
  isRenamed: boolean;
  onChange: (labels: Arrangement['sections'][string]) => void;
}

function SectionName({ section, labels, isRenamed, onChange }: SectionNameProps) {
  const { t } = useTranslation('builder');
  const format = useFormat();
  // Spaces are typed before the word after them: what stands in the inputs is not yet what is kept.
  const [typed, setTyped] = useState<LabelTexts | null>(null);
  const stored = labelTexts(labels);
  const texts = typed !== null && JSON.stringify(filledLabels(typed)) === JSON.stringify(labels) ? typed : stored;
  const id = `section-${section.key}`;
  return (
    <FormField controlId={id} label={t('sections.name', { name: format.label(section.labels) })} hint={t('sections.hint')}>
      <LabelInputs
        id={id}
        label={format.label(section.labels)}
        texts={texts}
        placeholders={isRenamed ? undefined : section.labels}
        maxLength={120}
        onChange={(next) => {
          setTyped(next);
          onChange(filledLabels(next));
        }}
      />
    </FormField>
  );
}
