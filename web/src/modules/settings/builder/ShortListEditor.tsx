import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType } from '@/api/types';
import { DEFAULT_HOVER } from '@/records/hover/hover-names';
import { useBlockTitle } from '@/records/layout';
import { Checkbox } from '@/ui/Checkbox';
import { IconButton } from '@/ui/IconButton';
import { useFormat } from '@/ui/use-format';
import { stepShort, toggleShort, type Arrangement, type ShortList } from './arrangement';
import styles from './builder.module.css';

/** As the server has it. */
const MOST_FIELDS = 12;

export interface ShortListEditorProps {
  type: ObjectType;
  arrangement: Arrangement;
  list: ShortList;
  onChange: (arrangement: Arrangement) => void;
}

/** Which fields a pop-up shows: chosen ones above in their order, the others below by blocks. */
export function ShortListEditor({ type, arrangement, list, onChange }: ShortListEditorProps) {
  const { t } = useTranslation('builder');
  const format = useFormat();
  const blockTitle = useBlockTitle();
  const chosen = arrangement[list];
  const byName = new Map(type.fields.map((field) => [field.name, field]));
  const nameOf = (name: string): string => format.label(byName.get(name)?.labels);
  const isFull = chosen.length >= MOST_FIELDS;

  function tick(field: Field) {
    const isChosen = chosen.includes(field.name);
    return (
      <Checkbox
        label={format.label(field.labels)}
        isChecked={isChosen}
        aria-disabled={(isFull && !isChosen) || undefined}
        title={isFull && !isChosen ? t('short.full', { count: MOST_FIELDS }) : undefined}
        onChange={(isOn) => {
          if (!isOn || !isFull) onChange(toggleShort(arrangement, list, field.name, isOn));
        }}
      />
    );
  }

  const blocks = arrangement.blocks
    .map((block) => ({ block, fields: block.fields.filter((name) => !chosen.includes(name)).flatMap((name) => byName.get(name) ?? []) }))
    .filter(({ fields }) => fields.length > 0);
  return (
    <div className={styles.blocks}>
      <section className={styles.block} aria-labelledby="chosen-fields">
        <div className={styles.blockHead}>
          <h2 id="chosen-fields" className={styles.blockTitle}>
            {t('short.chosen')}
          </h2>
        </div>
        {chosen.length === 0 && (
          <p className={styles.empty}>{t('short.defaults', { names: DEFAULT_HOVER.map(nameOf).filter((name) => name !== '').join(', ') })}</p>
        )}
        <ol className={styles.fields}>
          {chosen.flatMap((name, index) => {
            const field = byName.get(name);
            if (field === undefined) return [];
            return [
              <li key={name} className={styles.field}>
                <span className={styles.tick}>{tick(field)}</span>
                <IconButton
                  size="small"
                  label={t('short.up', { name: nameOf(name) })}
                  icon={<IconArrowUp size={16} />}
                  disabledReason={index === 0 && t('is_first')}
                  onClick={() => onChange(stepShort(arrangement, list, name, -1))}
                />
                <IconButton
                  size="small"
                  label={t('short.down', { name: nameOf(name) })}
                  icon={<IconArrowDown size={16} />}
                  disabledReason={index === chosen.length - 1 && t('is_last')}
                  onClick={() => onChange(stepShort(arrangement, list, name, 1))}
                />
              </li>,
            ];
          })}
        </ol>
      </section>
      {blocks.map(({ block, fields }) => (
        <section key={block.key} className={styles.block} aria-labelledby={`short-${block.key}`}>
          <div className={styles.blockHead}>
            <h2 id={`short-${block.key}`} className={styles.blockTitle}>
              {blockTitle(block)}
            </h2>
          </div>
          <ul className={styles.fields}>
            {fields.map((field) => (
              <li key={field.name} className={styles.field}>
                <span className={styles.tick}>{tick(field)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
