import { IconLock, IconPhone } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { catalogAsQuery } from '@/api/catalog';
import { useRoles } from '@/api/roles';
import { useSession } from '@/api/session';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { RecordLinkComponent } from '@/fields/RecordLink';
import { fieldKind } from '@/fields/registry';
import { CardBadges } from '@/records/card/CardBadges';
import row from '@/records/card/FieldRow.module.css';
import identity from '@/records/card/Identity.module.css';
import { isShown } from '@/records/conditions';
import { sectionValues } from '@/records/form/draft';
import { HoverContent } from '@/records/hover/HoverContent';
import hover from '@/records/hover/hover.module.css';
import { blocksOf, useBlockTitle } from '@/records/layout';
import { fieldsBelowHeading, shapeOf, signOf } from '@/records/record-shape';
import { Avatar } from '@/ui/Avatar';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import type { Arrangement } from './arrangement';
import styles from './builder.module.css';
import { sampleRecord, type SampleWords } from './sample-record';

export interface CardPreviewProps {
  type: ObjectType;
  arrangement: Arrangement;
  /** What is looked at. */
  what: 'card' | 'hover' | 'call';
}

/** The card as it will be, of an example contact, with the eyes of a role. */
export function CardPreview({ type, arrangement, what }: CardPreviewProps) {
  const { t } = useTranslation('builder');
  const format = useFormat();
  const words = useSampleWords();
  const [role, setRole] = useState(0);
  const roles = useRoles();
  const [sectionKey, setSectionKey] = useState(type.sections[0]?.key ?? '');
  const seen = useQuery({ ...catalogAsQuery(role), enabled: role !== 0 });
  const seenType = role === 0 ? type : seen.data?.object_types.find((candidate) => candidate.name === type.name);
  const section = type.sections.find((candidate) => candidate.key === sectionKey);
  const given = sectionValues(section);
  const title = given.kind === 'company' ? words.company : words.person;
  // Conditions go by the whole record, what is shown goes by the role.
  const record = sampleRecord(type, given, title, words);
  return (
    <section className={styles.preview} aria-labelledby="preview-title">
      <h2 id="preview-title" className={styles.previewTitle}>
        {t('preview.title')}
      </h2>
      <div className={styles.previewChoices}>
        {type.sections.length > 1 && (
          <SegmentedChoice
            label={t('preview.of')}
            value={sectionKey}
            options={type.sections.map(({ key, labels }) => ({ value: key, label: format.label(arrangement.sections[key]) || format.label(labels) }))}
            onChange={setSectionKey}
          />
        )}
        <Select
          size="small"
          className={styles.role}
          aria-label={t('preview.as_role')}
          value={String(role)}
          options={[{ value: '0', label: t('preview.all_fields') }, ...roles.map(({ id, title }) => ({ value: String(id), label: title }))]}
          onChange={(id) => setRole(Number(id))}
        />
      </div>
      {/* Nothing here leads anywhere or can be changed. */}
      <div inert>
        <RecordLinkComponent value={null}>
          {seenType === undefined ? null : what === 'card' ? (
            <CardSketch type={seenType} record={record} arrangement={arrangement} />
          ) : (
            <div className={classNames(hover.card, styles.sketch)}>
              {what === 'call' && (
                <p className={styles.call}>
                  <IconPhone size={16} aria-hidden="true" />
                  {t('preview.incoming_call')}
                </p>
              )}
              <HoverContent type={seenType} record={record} chosen={arrangement[what]} />
            </div>
          )}
        </RecordLinkComponent>
      </div>
    </section>
  );
}

function CardSketch({ type, record, arrangement }: { type: ObjectType; record: RecordItem; arrangement: Arrangement }) {
  const format = useFormat();
  const blockTitle = useBlockTitle();
  const fields = fieldsBelowHeading(type).filter((field) => isShown(field, record.values));
  return (
    <div className={classNames(identity.identity, styles.sketch, styles.cardSketch)}>
      <div className={identity.head}>
        <Avatar id={record.id} title={record.title} shape={shapeOf(record)} sign={signOf(record)} size="large" />
        <div className={identity.names}>
          <p className={identity.title}>{record.title}</p>
          <p className={identity.subtitle}>
            {format.label(type.labels)} № {record.id}
          </p>
        </div>
      </div>
      <CardBadges type={type} record={record} />
      {blocksOf(arrangement.blocks, fields, record.values).map(({ block, fields: own }) => (
        <div key={block.key} className={identity.group}>
          <p className={classNames(identity.groupTitle, styles.sketchTitle)}>{blockTitle(block)}</p>
          {own.map((field) => (
            <SketchRow key={field.name} field={field} record={record} />
          ))}
        </div>
      ))}
    </div>
  );
}

function SketchRow({ field, record }: { field: Field; record: RecordItem }) {
  const { t } = useTranslation('builder');
  const format = useFormat();
  const { Display } = fieldKind(field.kind);
  const isWide = field.kind === 'channels';
  const isLocked = field.access === 'read' && !field.is_read_only;
  return (
    <div className={classNames(row.row, isWide && row.wide)}>
      {!isWide && <span className={row.label}>{format.label(field.labels)}</span>}
      <div className={row.value}>
        <div className={row.display}>
          <Display field={field} value={record.values[field.name]} />
        </div>
        {isLocked && <IconLock size={14} className={styles.mark} role="img" aria-label={t('preview.read_only')} />}
      </div>
    </div>
  );
}

function useSampleWords(): SampleWords {
  const { t, i18n } = useTranslation('builder');
  const { installation, user } = useSession();
  return {
    text: (field) => (i18n.exists(`builder:samples.texts.${field}`) ? t(`samples.texts.${field}`) : t('samples.text')),
    person: t('samples.person'),
    user: user.name,
    company: t('samples.company'),
    word: t('samples.word'),
    file: t('samples.file'),
    city: t('samples.city'),
    street: t('samples.street'),
    country: installation.country,
    currency: installation.currency,
  };
}
