import { useTranslation } from 'react-i18next';
import type { AccessOptions, Rights } from '@/api/access';
import { useObjectType } from '@/api/catalog';
import { useFormat } from '@/ui/use-format';
import { ActionRow } from './ActionRow';
import { FieldTable } from './FieldTable';
import { linesOf, withLines } from './rights';
import styles from './Role.module.css';

export interface RightsPartProps {
  options: AccessOptions;
  rights: Rights;
  onChange: (rights: Rights) => void;
}

/** What a role may do with records of one type, as sentences, and with their fields. */
export function TypeRightsEditor({ typeName, options, rights, onChange }: RightsPartProps & { typeName: string }) {
  const { t } = useTranslation('rights');
  const format = useFormat();
  const type = useObjectType(typeName);
  if (type === undefined) return null;
  return (
    <section aria-labelledby={`rights-${typeName}`}>
      <h2 id={`rights-${typeName}`} className={styles.heading}>
        {format.label(type.labels_plural)}
      </h2>
      <p className={styles.explain}>{t('actions.explain')}</p>
      <div className={styles.matrix}>
        {options.actions.map((action) => (
          <ActionRow
            key={action}
            type={type}
            action={action}
            levels={options.levels}
            said={linesOf(rights, options, typeName, action)}
            base={rights.base ?? null}
            onChange={(lines) => onChange(withLines(rights, typeName, action, lines))}
          />
        ))}
      </div>
      <FieldTable type={type} options={options} rights={rights} onChange={onChange} />
    </section>
  );
}
