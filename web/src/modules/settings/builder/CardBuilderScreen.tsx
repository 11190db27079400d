import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog, useSaveLayout } from '@/api/catalog';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { isSessionOver, useMay } from '@/api/session';
import type { ObjectType } from '@/api/types';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { keepClear } from '@/ui/keep-clear';
import { Page } from '@/ui/Page';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { arrangementOf, followCatalog, isSameArrangement, layoutOf, type Arrangement } from './arrangement';
import { BlockList } from './BlockList';
import styles from './builder.module.css';
import { CardPreview } from './CardPreview';
import { SectionNames } from './SectionNames';
import { ShortListEditor } from './ShortListEditor';

const PARTS = ['blocks', 'hover', 'call', 'sections'] as const;

type Part = (typeof PARTS)[number];

/** The card builder: what stands on a card and where, what pop-ups show, what sections are called. For whoever shapes them. */
export function CardBuilderScreen() {
  const { t } = useTranslation(['builder', 'settings']);
  const mayShape = useMay('fields');
  const types = useCatalog().object_types.filter((type) => !type.is_system);
  const [name, setName] = useState(types[0]?.name ?? '');
  const type = types.find((candidate) => candidate.name === name);
  if (!mayShape || type === undefined) {
    return <EmptyState title={t('settings:administrators_only')}>{t('settings:administrators_only_text')}</EmptyState>;
  }
  return <CardBuilder key={type.name} type={type} types={types} onChoose={setName} />;
}

interface CardBuilderProps {
  type: ObjectType;
  types: readonly ObjectType[];
  onChoose: (name: string) => void;
}

function CardBuilder({ type, types, onChoose }: CardBuilderProps) {
  const { t } = useTranslation(['builder', 'settings']);
  const format = useFormat();
  const client = useQueryClient();
  const [part, setPart] = useState<Part>('blocks');
  const [isLooking, setIsLooking] = useState(false);
  const save = useSaveLayout(type.name);
  const { showDone } = useUndoWithToast();
  // Null until something is changed: then the catalog may change below it without taking anything away.
  const kept = useDraft(`card.${type.name}`, t('builder:title', { type: format.label(type.labels) }));
  const [draft, setDraft] = useKept<Arrangement | null>(kept, 'draft', null);
  const stored = useMemo(() => arrangementOf(type), [type]);
  const arrangement = useMemo(() => (draft === null ? stored : followCatalog(draft, stored, type.layout)), [draft, stored, type.layout]);
  const isDirty = draft !== null && !isSameArrangement(arrangement, stored);
  const blocker = useBlocker({ shouldBlockFn: () => isDirty && !isSessionOver(client), enableBeforeUnload: () => isDirty, withResolver: true });

  async function submit(): Promise<boolean> {
    try {
      const operation = await save.mutateAsync(layoutOf(arrangement));
      setDraft(null);
      showDone(t('builder:saved'), operation);
      return true;
    } catch {
      // Shown above the buttons.
      return false;
    }
  }

  return (
    <Page
      isInner
      title={t('builder:title', { type: format.label(type.labels) })}
      intro={t('builder:intro')}
      aside={
        types.length > 1 && (
          <Select
            aria-label={t('builder:type')}
            value={type.name}
            options={types.map((candidate) => ({ value: candidate.name, label: format.label(candidate.labels) }))}
            onChange={onChoose}
          />
        )
      }
    >
      <DraftNotice draft={kept} />
      <Tabs
        label={t('builder:parts.title')}
        current={part}
        onChange={setPart}
        tabs={PARTS.map((key) => ({ key, label: t(`builder:parts.${key}`) }))}
      />
      <div className={styles.switch}>
        <SegmentedChoice
          label={t('builder:parts.title')}
          value={isLooking ? 'look' : 'edit'}
          options={[
            { value: 'edit', label: t('builder:edit') },
            { value: 'look', label: t('builder:preview.title') },
          ]}
          onChange={(value) => setIsLooking(value === 'look')}
        />
      </div>
      <div className={styles.columns} data-looking={isLooking || undefined}>
        <div className={styles.editor}>
          <p className={styles.quiet}>{t(`builder:explain.${part}`)}</p>
          {part === 'blocks' && <BlockList type={type} arrangement={arrangement} onChange={setDraft} />}
          {(part === 'hover' || part === 'call') && <ShortListEditor type={type} arrangement={arrangement} list={part} onChange={setDraft} />}
          {part === 'sections' && <SectionNames type={type} arrangement={arrangement} onChange={setDraft} />}
          {isDirty && (
            <footer ref={keepClear} className={styles.footer}>
              {save.isError && <SaveProblem error={save.error} />}
              <Button look="primary" isBusy={save.isPending} onClick={() => void submit()}>
                {t('settings:save')}
              </Button>
              <Button onClick={() => setDraft(null)}>{t('builder:discard')}</Button>
            </footer>
          )}
        </div>
        <CardPreview type={type} arrangement={arrangement} what={part === 'hover' || part === 'call' ? part : 'card'} />
      </div>
      {blocker.status === 'blocked' && (
        <Dialog
          size="small"
          title={t('builder:leave.title')}
          onClose={blocker.reset}
          footer={
            <>
              <Button onClick={blocker.reset}>{t('builder:leave.stay')}</Button>
              <Button onClick={blocker.proceed}>{t('builder:leave.drop')}</Button>
              <Button
                look="primary"
                data-autofocus=""
                isBusy={save.isPending}
                onClick={() => void submit().then((isSaved) => (isSaved ? blocker.proceed() : blocker.reset()))}
              >
                {t('settings:save')}
              </Button>
            </>
          }
        >
          <p>{t('builder:leave.text')}</p>
        </Dialog>
      )}
    </Page>
  );
}

/** What the server refused; a name or a condition tells its own reason. */
function SaveProblem({ error }: { error: unknown }) {
  const errorText = useErrorText();
  const codeText = useCodeText();
  const problems = [...fieldProblems(error).values()].flat();
  const texts = new Set(problems.map((problem) => codeText(problem.code, problem.params)));
  return <Banner tone="error">{texts.size > 0 ? [...texts].join(' ') : errorText(error)}</Banner>;
}
