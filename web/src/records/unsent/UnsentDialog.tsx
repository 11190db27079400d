import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { ApiError } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import type { FieldValue, ObjectType } from '@/api/types';
import { MAY_STAND_ALREADY, type Unsent } from '@/api/unsent';
import { fieldKind } from '@/fields/registry';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import { paths } from '../paths';
import { dropUnsent, sendAgain } from './send';
import styles from './Unsent.module.css';
import type { UnsentBarProps } from './UnsentBar';

/** What was written and has not arrived, one by one; of what was refused, why, and what may be done. */
export function UnsentDialog({ userId, entries, onClose }: UnsentBarProps & { onClose: () => void }) {
  const { t } = useTranslation('records');
  return (
    <Dialog title={t('unsent.title')} onClose={onClose} footer={<Button onClick={onClose}>{t('ui:close')}</Button>}>
      <ul className={styles.entries}>
        {entries.map((entry) => (
          <Entry key={entry.key} entry={entry} userId={userId} onClose={onClose} />
        ))}
      </ul>
    </Dialog>
  );
}

function Entry({ entry, userId, onClose }: { entry: Unsent; userId: number; onClose: () => void }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { object_types: types } = useCatalog();
  const type = types.find((candidate) => candidate.name === entry.type);
  const { problem } = entry;
  const version = problem?.code === 'version_conflict' ? problem.params?.version : undefined;
  const label = format.label(type?.labels);
  return (
    <li className={styles.entry}>
      <div className={styles.head}>
        {entry.id === null ? (
          <span className={styles.title}>{entry.title === '' ? label : entry.title}</span>
        ) : (
          <Link {...paths.card(entry.type, entry.id)} className={styles.title} onClick={onClose}>
            {entry.title}
          </Link>
        )}
        <span className={styles.hint}>{[entry.id === null ? t('unsent.new', { kind: label.toLocaleLowerCase() }) : label, format.recent(entry.at)].join(' · ')}</span>
      </div>
      {type !== undefined && <Written type={type} entry={entry} />}
      {problem !== null && (
        <>
          {problem.code === MAY_STAND_ALREADY ? (
            <p className={styles.problem}>
              {t('unsent.may_stand_already')} <Link {...paths.list(entry.type, { filter: 'created_by = me', sort: '-created_at' })} onClick={onClose}>{t('unsent.look')}</Link>
            </p>
          ) : (
            problem.code !== 'version_conflict' && <p className={styles.problem}>{errorText(new ApiError(problem))}</p>
          )}
          <div className={styles.buttons}>
            <Button size="small" onClick={() => dropUnsent(userId, entry.key)}>
              {t(typeof version === 'number' ? 'conflict.take_theirs' : 'unsent.drop')}
            </Button>
            <Button size="small" look="primary" onClick={() => sendAgain(userId, entry.key, typeof version === 'number' ? version : undefined)}>
              {t(typeof version === 'number' ? 'conflict.keep_mine' : 'unsent.again')}
            </Button>
          </div>
        </>
      )}
    </li>
  );
}

/** The fields that were written; beside each, what the server says of it. */
function Written({ type, entry }: { type: ObjectType; entry: Unsent }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const codeText = useCodeText();
  const problems = fieldProblems(entry.problem === null ? null : new ApiError(entry.problem));
  return (
    <dl className={styles.values}>
      {Object.entries(entry.shown).map(([name, value]) => {
        const field = type.fields.find((candidate) => candidate.name === name);
        if (field === undefined) return null;
        const { Display } = fieldKind(field.kind);
        return (
          <div key={name} className={styles.value}>
            <dt>{format.label(field.labels)}</dt>
            <dd>
              <Display field={field} value={value} />
              {(problems.get(name) ?? []).map(({ code, params }) =>
                code === 'changed_meanwhile' ? (
                  <div key={code} className={styles.problem}>
                    {t('unsent.theirs')} <Display field={field} value={params?.theirs as FieldValue} />
                  </div>
                ) : (
                  <div key={code} className={styles.problem}>
                    {codeText(code, params)}
                  </div>
                ),
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
