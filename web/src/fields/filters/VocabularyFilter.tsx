import { IconWand } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { Badge } from '@/ui/Badge';
import { Checkbox } from '@/ui/Checkbox';
import { FieldError } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { searchTree, treePaths, treeRows } from '@/util/tree';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';
import type { Vocabulary } from '../reference/vocabulary';

const SEARCH_FROM = 8;
const INDENT = 18;

/** All groups as their tree, all tags as a list, with a tick each; for `=` and `!=` the last tick wins. */
export function VocabularyFilter({ vocabulary, operator, values, onChange, label }: FilterProps & { vocabulary: Vocabulary }) {
  const { t } = useTranslation('fields');
  const errorText = useErrorText();
  const [search, setSearch] = useState('');
  const isSingle = operator === '=' || operator === '!=';
  const paths = treePaths(vocabulary.tree);
  const rows = treeRows(searchTree(vocabulary.tree, search), () => true);
  return (
    <div className={styles.stack}>
      {vocabulary.items.length >= SEARCH_FROM && (
        <TextInput
          aria-label={t('filter.search_options')}
          placeholder={t('filter.search_options')}
          data-autofocus=""
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {vocabulary.error !== null && <FieldError>{errorText(vocabulary.error)}</FieldError>}
      <div className={styles.checks} role="group" aria-label={label}>
        {rows.map(({ node: { item, depth } }) => {
          const others = isSingle ? [] : values.filter((value) => value.text !== String(item.id));
          return (
            <span key={item.id} className={styles.treeCheck} style={{ paddingLeft: depth * INDENT }} title={paths.get(item.id)?.join(' / ')}>
              <Checkbox
                isChecked={values.some((value) => value.text === String(item.id))}
                label={item.color === null ? item.title : <Badge color={item.color}>{item.title}</Badge>}
                onChange={(isOn) => onChange(isOn ? [...others, { form: 'bare', text: String(item.id) }] : others)}
              />
              {item.isByRule && (
                <span className={styles.byRule} title={t('filter.by_rule')}>
                  <IconWand size={14} role="img" aria-label={t('filter.by_rule')} />
                </span>
              )}
            </span>
          );
        })}
        {rows.length === 0 && !vocabulary.isPending && <p className={styles.hint}>{t('picker.nothing')}</p>}
      </div>
    </div>
  );
}
