import { IconArrowsJoin2, IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState, type CSSProperties, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mergePreviewQuery, useMerge } from '@/api/duplicates';
import { useErrorText } from '@/api/errors';
import type { MergeAnswer, MergeInput, ObjectType, RecordItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { keepClear } from '@/ui/keep-clear';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useShortcuts } from '@/ui/use-shortcuts';
import { classNames } from '@/util/class-names';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { paths } from '../paths';
import { RecordAvatar } from '../RecordAvatar';
import { fullest, mergeRows } from './merge-rows';
import styles from './MergeEditor.module.css';
import { MergeRowView } from './MergeRowView';

export interface MergeEditorProps {
  type: ObjectType;
  /** Two or more. Another set of records needs another `key`: choices belong to a set. */
  records: readonly RecordItem[];
  /** What else can be done with the records, beside the button that merges them. */
  actions?: ReactNode;
  /** The tooltip of the main button, with its key. */
  mergeHint?: string;
  onMerged: (answer: MergeAnswer) => void;
}

/** Records side by side: which one stays, whose value stands where they differ, and what comes out. */
export function MergeEditor({ type, records, actions, mergeHint, onMerged }: MergeEditorProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { undo } = useUndoWithToast();
  const merge = useMerge(type.name);
  const group = useId();
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const [chosen, setChosen] = useState<number | null>(null);
  const [choices, setChoices] = useState<Readonly<Record<string, number>>>({});
  const [showsAll, setShowsAll] = useState(false);

  const taken = records.filter((record) => !left.has(record.id));
  const survivor = taken.find((record) => record.id === chosen) ?? fullest(type, taken) ?? records[0];
  const input: MergeInput = {
    survivor: survivor?.id ?? 0,
    losers: taken.filter((record) => record.id !== survivor?.id).map((record) => record.id),
    choices,
    versions: Object.fromEntries(taken.map((record) => [record.id, record.version])),
  };
  const preview = useQuery({ ...mergePreviewQuery(type.name, input), enabled: input.losers.length > 0 });
  const merged = preview.data?.merged;
  const rows = mergeRows(type, taken);
  const rest = rows.filter((row) => !row.differs);
  const moved = preview.data?.relations.reduce((sum, relation) => sum + relation.count, 0) ?? 0;

  function leaveOut(id: number, isOut: boolean): void {
    setLeft((before) => new Set(isOut ? [...before, id] : [...before].filter((other) => other !== id)));
    setChoices((before) => Object.fromEntries(Object.entries(before).filter(([, other]) => !isOut || other !== id)));
  }

  function choose(field: string, id: number | null): void {
    setChoices((before) => {
      const { [field]: _, ...others } = before;
      return id === null ? others : { ...others, [field]: id };
    });
  }

  // The records are off the screen by the time of the answer, and with them the callbacks of `mutate`; a promise outlives them.
  async function run(): Promise<void> {
    if (merge.isPending || preview.isError || input.losers.length === 0) return;
    try {
      const answer = await merge.mutateAsync(input);
      showToast(t('merge.merged', { name: answer.record?.title ?? survivor?.title ?? '' }), {
        action: { label: t('undo'), undoes: answer.operation_id, onPress: () => void undo(answer.operation_id) },
      });
      onMerged(answer);
    } catch (error) {
      showToast(errorText(error), { tone: 'error' });
    }
  }

  useShortcuts({ KeyM: () => void run() });

  return (
    <div className={styles.editor}>
      {preview.isError && <Banner tone="error">{errorText(preview.error)}</Banner>}
      <div className={styles.scroll} role="region" aria-label={t('merge.fields')} tabIndex={0}>
        <table className={styles.table} style={{ '--records': records.length } as CSSProperties}>
          <thead>
            <tr>
              <th scope="col" className={styles.corner}>
                {t('merge.survivor')}
              </th>
              {records.map((record) => {
                const isLeft = left.has(record.id);
                return (
                  <th key={record.id} scope="col" className={classNames(styles.head, isLeft && styles.left)}>
                    <span className={styles.who}>
                      <RecordAvatar record={record} />
                      <span className={styles.name} title={record.title}>
                        {record.title}
                      </span>
                      <Link
                        {...paths.card(type.name, record.id)}
                        target="_blank"
                        className={styles.open}
                        aria-label={t('merge.new_window', { name: record.title })}
                        title={t('merge.new_window', { name: record.title })}
                      >
                        <IconExternalLink size={14} aria-hidden="true" />
                      </Link>
                    </span>
                    <span className={styles.note}>
                      № {record.id} · {t('merge.created', { when: format.date(record.created_at) })}
                    </span>
                    <span className={styles.picks}>
                      <label className={styles.pick}>
                        <input
                          type="radio"
                          name={`${group}-survivor`}
                          checked={record.id === survivor?.id}
                          disabled={isLeft}
                          aria-label={t('merge.stays_named', { name: record.title })}
                          onChange={() => setChosen(record.id)}
                        />
                        {t('merge.stays')}
                      </label>
                      {records.length > 2 && (
                        <Checkbox
                          isChecked={!isLeft}
                          aria-label={isLeft ? t('merge.include', { name: record.title }) : t('merge.drop', { name: record.title })}
                          disabled={!isLeft && taken.length < 3}
                          onChange={(isTaken) => leaveOut(record.id, !isTaken)}
                        />
                      )}
                    </span>
                  </th>
                );
              })}
              <th scope="col" className={classNames(styles.head, styles.result)}>
                <span className={styles.name}>{t('merge.result')}</span>
                <span className={styles.note}>{merged?.title ?? (preview.isError ? errorText(preview.error) : t('merge.loading_result'))}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows
              .filter((row) => row.differs || showsAll)
              .map((row) => (
                <MergeRowView
                  key={row.field.name}
                  row={row}
                  records={records}
                  left={left}
                  group={group}
                  choices={choices}
                  planned={preview.data?.fields ?? []}
                  result={merged === undefined ? undefined : (merged.values[row.field.name] ?? null)}
                  onChoose={(id) => choose(row.field.name, id)}
                />
              ))}
          </tbody>
        </table>
        {rows.every((row) => !row.differs) && <p className={styles.same}>{t('merge.nothing')}</p>}
        {rest.length > 0 && (
          <Button look="link" className={styles.more} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? t('merge.hidden_rest') : t('merge.show_rest', { count: rest.length })}
          </Button>
        )}
      </div>
      <footer ref={keepClear} className={styles.footer}>
        <span className={styles.moved}>{moved > 0 && t('merge.relations', { count: moved, number: format.number(moved) })}</span>
        {actions}
        <Button
          look="primary"
          icon={<IconArrowsJoin2 size={16} />}
          title={mergeHint}
          isBusy={merge.isPending}
          disabledReason={preview.isError && errorText(preview.error)}
          onClick={() => void run()}
        >
          {t('merge.merge_count', { count: taken.length })}
        </Button>
      </footer>
    </div>
  );
}
