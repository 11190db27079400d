import { useTranslation } from 'react-i18next';
import { Dialog } from '@/ui/Dialog';
import { modKey } from '@/ui/use-shortcuts';
import styles from './KeyHelp.module.css';

/** The list of keys behind `?`. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const groups = [
    {
      title: t('keys.everywhere'),
      keys: [
        { keys: [modKey('K')], text: t('keys.palette') },
        { keys: ['C'], text: t('keys.create') },
        { keys: ['?'], text: t('keys.help') },
        { keys: ['Esc'], text: t('keys.close') },
      ],
    },
    {
      title: t('keys.list'),
      keys: [
        { keys: ['↑', '↓'], text: t('keys.move') },
        { keys: ['Enter'], text: t('keys.open_panel') },
        { keys: [modKey('Enter')], text: t('keys.open_page') },
        { keys: ['Space'], text: t('keys.preview') },
        { keys: ['Shift Space'], text: t('keys.select') },
        { keys: ['Shift ↑', 'Shift ↓'], text: t('keys.select_range') },
        { keys: [modKey('A')], text: t('keys.select_all') },
        { keys: ['F2'], text: t('keys.edit_cell') },
        { keys: ['/'], text: t('keys.search_list') },
        { keys: ['Del'], text: t('keys.delete') },
      ],
    },
    {
      title: t('keys.duplicates'),
      keys: [
        { keys: ['J', 'K'], text: t('keys.next_previous_group') },
        { keys: ['M'], text: t('keys.merge') },
        { keys: ['N'], text: t('keys.not_duplicates') },
      ],
    },
    {
      title: t('keys.card'),
      keys: [
        { keys: ['J', 'K'], text: t('keys.next_previous') },
        { keys: ['Enter'], text: t('keys.save_field') },
        { keys: ['Esc'], text: t('keys.leave_field') },
      ],
    },
  ];
  return (
    <Dialog title={t('keys.title')} onClose={onClose} size="large">
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className={styles.title}>{group.title}</h3>
            <dl>
              {group.keys.map((entry) => (
                <div key={entry.text} className={styles.row}>
                  <dt className={styles.text}>{entry.text}</dt>
                  <dd className={styles.keys}>
                    {entry.keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
