import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldRight } from '@/api/access';
import type { Field, LayoutBlock, ObjectType } from '@/api/types';
import { blocksOf, useBlockTitle } from '@/records/layout';
import { Button } from '@/ui/Button';
import { Select, type SelectOption } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { baseFieldRight, fieldRightOf, withBlock, withField } from './rights';
import styles from './Role.module.css';
import type { RightsPartProps } from './TypeRightsEditor';

const RIGHTS = ['hidden', 'read', 'write'] as const satisfies readonly FieldRight[];

function asRight(value: string): FieldRight | null {
  return RIGHTS.find((right) => right === value) ?? null;
}

/** The card by its blocks and fields: hidden, to be read, to be changed. Folded until somebody needs it. */
export function FieldTable({ type, options, rights, onChange }: RightsPartProps & { type: ObjectType }) {
  const { t } = useTranslation('rights');
  const format = useFormat();
  const blockTitle = useBlockTitle();
  const own = rights.types?.[type.name];
  const said = Object.keys(own?.fields ?? {}).length + Object.keys(own?.blocks ?? {}).length;
  const [isOpen, setIsOpen] = useState(false);
  const [open, setOpen] = useState<readonly string[]>([]);
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const known = type.fields.filter((field) => !field.is_retired && field.group !== 'system');
  const blocks = blocksOf(
    type.layout.blocks.map((block) => ({ ...block, shown_if: null })),
    known,
    {},
  );
  const label = (field: Field): string => format.label(field.labels);
  const inherited = rights.base == null ? t('origin.nothing') : t(`as.${rights.base}`);

  /** A title shows always, and nobody gets more than the base lets. */
  function offered(field: Field | null): SelectOption[] {
    const limit = field === null ? 'write' : baseFieldRight(rights, options, type.name, field.name);
    return RIGHTS.map((right) => ({
      value: right,
      label: t(`fields.${right}`),
      isDisabled: (right === 'hidden' && field?.name === type.title_field) || RIGHTS.indexOf(right) > RIGHTS.indexOf(limit),
    }));
  }

  function fieldRow(field: Field, block: LayoutBlock) {
    const now = fieldRightOf(rights, options, type.name, field, block);
    const ofBlock = own?.blocks?.[block.key] !== undefined;
    const otherwise = fieldRightOf(withField(rights, type.name, field.name, null), options, type.name, field, block).right;
    return (
      <li key={field.name} className={styles.field} data-own={now.from === 'field' || undefined}>
        <span className={styles.fieldName}>{label(field)}</span>
        <Select
          size="small"
          className={styles.right}
          aria-label={t('fields.of_field', { field: label(field) })}
          value={own?.fields?.[field.name] ?? ''}
          emptyLabel={t('fields.otherwise', { origin: ofBlock ? t('fields.as_block') : inherited, right: t(`fields.${otherwise}`).toLowerCase() })}
          options={offered(field)}
          onChange={(value) => onChange(withField(rights, type.name, field.name, asRight(value)))}
        />
      </li>
    );
  }

  return (
    <div className={styles.fold}>
      <button type="button" className={styles.foldHead} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <IconChevronRight size={16} className={styles.twist} data-open={isOpen || undefined} aria-hidden="true" />
        {t('fields.title')}
        <span className={styles.inherited}>{said === 0 ? inherited : t('fields.said', { count: said })}</span>
      </button>
      {isOpen && (
        <div className={styles.fields}>
          <TextInput type="search" aria-label={t('fields.search')} placeholder={t('fields.search')} value={search} onChange={(event) => setSearch(event.target.value)} />
          {blocks.map(({ block, fields }) => {
            const title = blockTitle(block);
            const isBlockFound = title.toLowerCase().includes(wanted);
            const shown = fields.filter((field) => isBlockFound || label(field).toLowerCase().includes(wanted));
            if (shown.length === 0) return null;
            const single = fields.filter((field) => own?.fields?.[field.name] !== undefined).length;
            const areShown = wanted !== '' || open.includes(block.key);
            return (
              <section key={block.key} className={styles.block} aria-label={title}>
                <div className={styles.blockHead} data-own={own?.blocks?.[block.key] !== undefined || undefined}>
                  <Button
                    look="link"
                    className={styles.blockName}
                    icon={<IconChevronRight size={16} className={styles.twist} data-open={areShown || undefined} aria-hidden="true" />}
                    aria-expanded={areShown}
                    onClick={() => setOpen(open.includes(block.key) ? open.filter((key) => key !== block.key) : [...open, block.key])}
                  >
                    {title}
                    <span className={styles.number}>{single > 0 ? t('fields.single', { count: single }) : format.number(fields.length)}</span>
                  </Button>
                  <Select
                    size="small"
                    className={styles.right}
                    aria-label={t('fields.of_block', { block: title })}
                    value={own?.blocks?.[block.key] ?? ''}
                    emptyLabel={inherited}
                    options={offered(null)}
                    onChange={(value) => onChange(withBlock(rights, type.name, block.key, asRight(value)))}
                  />
                </div>
                {areShown && <ul>{shown.map((field) => fieldRow(field, block))}</ul>}
              </section>
            );
          })}
        </div>
      )}
    </div>
  );
}
