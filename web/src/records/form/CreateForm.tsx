import { useCanGoBack, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useErrorText } from '@/api/errors';
import { useCreateRecord, useTryRecord } from '@/api/records';
import { useSession } from '@/api/session';
import type { Field, FieldProblem, FieldValue, ObjectType, RecordItem, RecordReference, Section, TrashedHolder, Values } from '@/api/types';
import { Owner } from '@/fields/owner-record';
import { isKept } from '@/api/unsent';
import { asText, isEmptyValue } from '@/fields/values';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { keepClear } from '@/ui/keep-clear';
import { modKey, useShortcuts } from '@/ui/use-shortcuts';
import { insteadOf, isRequired, isShown } from '../conditions';
import { toWrite } from '../editing/same-value';
import { blocksOf, fieldsInBlocks, useBlockTitle } from '../layout';
import { useValuesWithSets } from '../membership/use-values-with-sets';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { paths } from '../paths';
import styles from './CreateForm.module.css';
import { dropDraft, readDraft, sectionValues, startValues, writeDraft } from './draft';
import { FormRow } from './FormRow';
import { forNewRecord } from './offered';
import { TrashedMatchDialog } from './TrashedMatchDialog';
import { useNaming } from './use-naming';

type Problems = ReadonlyMap<string, FieldProblem[]>;

/** What is sent: only what was filled in, references by id. */
function filledValues(fields: readonly Field[], values: Values, section: Section | undefined): Values {
  const filled = fields.map((field) => [field.name, toWrite(values[field.name])] as const).filter(([, value]) => !isEmptyValue(value));
  return { ...sectionValues(section), ...Object.fromEntries(filled) };
}

export interface CreateFormProps {
  type: ObjectType;
  section: Section | undefined;
  /** The reference that the form was opened for, and the record behind it. */
  belongs?: { field: string; record: RecordReference };
  /** The record from whose card the form was opened, and the field of it that may name the new one. */
  namedBy?: { field: Field; record: RecordItem };
}

/** The form of a new record. What was typed survives a refusal, an error and a reload. */
export function CreateForm({ type, section, belongs, namedBy }: CreateFormProps) {
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const router = useRouter();
  const canGoBack = useCanGoBack();
  const errorText = useErrorText();
  const format = useFormat();
  const { user } = useSession();
  const draft = { userId: user.id, user: { id: user.id, title: user.name, type: 'user' }, type, section };
  const given: Values = belongs === undefined ? {} : { [belongs.field]: belongs.record };
  const [values, setValues] = useState<Values>(() => readDraft(draft, given));
  const [problems, setProblems] = useState<Problems>(new Map());
  // A new form draws its inputs anew: they keep what was typed by themselves.
  const [round, setRound] = useState(0);
  const [isFinishing, setIsFinishing] = useState(false);
  const [erased, setErased] = useState<readonly string[]>([]);
  const [refusals, setRefusals] = useState(0);
  const key = useRef(newIdempotencyKey());
  const form = useRef<HTMLFormElement>(null);
  const create = useCreateRecord(type.name, { isKeptOffline: true });
  const { undo } = useUndoWithToast();
  const naming = useNaming(namedBy);
  const [trashed, setTrashed] = useState<{ holder: TrashedHolder; operation: number; proceed: () => void } | null>(null);

  const preset = sectionValues(section);
  const judged = useValuesWithSets(type, values, null);
  const blockTitle = useBlockTitle();
  const blocks = blocksOf(
    type.layout.blocks,
    type.fields.map(forNewRecord).filter((field) => field.access === 'write' && !field.is_read_only && !(field.name in preset) && isShown(field, judged)),
    judged,
    mustBeFilled,
  );
  const fields = fieldsInBlocks(blocks);

  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-invalid] input, [data-invalid] button')?.focus();
  }, [refusals]);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus();
  }, [round]);

  const owner = { type: type.name, id: null, values };
  const latest = useRef(values);
  const tryRecord = useTryRecord(type.name);
  const tried = useRef('');
  const alternatives = new Map(fields.map((field) => [field.name, insteadOf(field)]));

  function change(field: Field, value: FieldValue): void {
    const next = { ...values, [field.name]: value };
    setValues(next);
    writeDraft(draft, next);
    latest.current = next;
    // One of several that would do makes the others needless.
    const isSettled = (name: string): boolean => name === field.name || (alternatives.has(name) && alternatives.get(name)?.includes(field.name) === true);
    if ([...problems.keys()].some(isSettled)) setProblems(new Map([...problems].filter(([name]) => !isSettled(name))));
  }

  /** What has a default may be left empty: the server fills it in. */
  function mustBeFilled(field: Field): boolean {
    return isEmptyValue(field.default) && isRequired(field, judged);
  }

  function isMissing(field: Field): boolean {
    return mustBeFilled(field) && isEmptyValue(values[field.name]);
  }

  function checkRequired(field: Field): void {
    // Another field may do as well, and it comes next.
    if (isMissing(field) && alternatives.get(field.name)?.length === 0) {
      setProblems(new Map([...problems, [field.name, [{ pointer: `/values/${field.name}`, code: 'required' }]]]));
    }
  }

  /** A phone or e-mail that somebody has already is told when it is left, not when all is typed. */
  function checkTaken(field: Field): void {
    const value = values[field.name];
    const asked = JSON.stringify(value ?? null);
    if (field.kind !== 'channels' || isEmptyValue(value) || asked === tried.current) return;
    tried.current = asked;
    tryRecord.mutate(filledValues(fields, values, section), {
      onSuccess: ({ error, warnings }) => {
        setErased(warnings.map((warning) => warning.display));
        const found = fieldProblems(error).get(field.name);
        // Typed on meanwhile, it is asked again when it is left again.
        if (found === undefined || JSON.stringify(latest.current[field.name] ?? null) !== asked) return;
        setProblems((before) => new Map([...before, [field.name, found]]));
      },
    });
  }

  /** Said once, at the first of the fields of which one is enough. */
  function enough(field: Field): string | undefined {
    const others = fields.filter((other) => alternatives.get(field.name)?.includes(other.name) === true);
    const [next] = others;
    if (next === undefined || fields.indexOf(next) < fields.indexOf(field)) return undefined;
    return t('form.one_is_enough', { names: format.choice([field, ...others].map((one) => format.label(one.labels).toLowerCase())) });
  }

  /** What a record without a name of the server is called: what was typed first. */
  function nameTyped(): string {
    const texts = [type.title_field, ...fields.filter((field) => field.kind === 'text').map((field) => field.name)].map((name) => asText(values[name]));
    return texts.find((text) => text !== '') ?? '';
  }

  function begin(): void {
    setErased([]);
    setValues({ ...startValues(type, section, draft.user), ...given });
    setRound((before) => before + 1);
  }

  /** It goes out when the connection is back; nothing more is to be done here. */
  function leaveKept(isNext: boolean): void {
    dropDraft(draft);
    key.current = newIdempotencyKey();
    if (isNext) begin();
    else goBack();
  }

  async function finish(record: RecordItem, operation: number | null, warned: readonly string[], isNext: boolean): Promise<void> {
    dropDraft(draft);
    key.current = newIdempotencyKey();
    setProblems(new Map());
    setIsFinishing(true);
    const named = await naming.name(record);
    setIsFinishing(false);
    // The name goes first: nothing may point to a record in the trash.
    const undoBoth = async (created: number): Promise<void> => {
      if (typeof named !== 'number' || (await undo(named)) !== null) await undo(created);
    };
    if (named !== false) {
      const text = warned.length === 0 ? t('form.created', { name: record.title }) : t('form.created_erased', { name: record.title, addresses: format.list([...warned]) });
      showToast(text, {
        action: operation === null ? null : { label: t('undo'), undoes: operation, onPress: () => void undoBoth(operation) },
      });
    }
    if (isNext) {
      begin();
    } else {
      void navigate({ ...paths.card(type.name, record.id, section === undefined ? {} : { section: section.key }), replace: true });
    }
  }

  function submit(isNext: boolean): void {
    // What is written stands already; a second press would write it again.
    if (isFinishing) return;
    // Of fields of which one is enough the first is asked for.
    const missing = fields.filter((field, index) => isMissing(field) && !fields.slice(0, index).some((before) => alternatives.get(field.name)?.includes(before.name) === true));
    if (missing.length > 0) {
      setProblems(new Map(missing.map((field) => [field.name, [{ pointer: `/values/${field.name}`, code: 'required' }]])));
      setRefusals((before) => before + 1);
      return;
    }
    create.mutate(
      { values: filledValues(fields, values, section), shown: values, title: nameTyped(), idempotencyKey: key.current },
      {
        onSuccess: (answer) => {
          const { record, operation_id: operation, in_trash: inTrash, warnings } = answer;
          if (isKept(answer)) {
            leaveKept(isNext);
            return;
          }
          const [holder] = inTrash ?? [];
          const proceed = (): void => void finish(record, operation, (warnings ?? []).map((warning) => warning.display), isNext);
          if (holder !== undefined && operation !== null) setTrashed({ holder, operation, proceed });
          else proceed();
        },
        onError: (error) => {
          const found = fieldProblems(error);
          // The same key with other values would be refused; only a lost answer may be asked for again.
          if (found.size > 0) key.current = newIdempotencyKey();
          setProblems(found);
          setRefusals((before) => before + 1);
        },
      },
    );
  }

  function goBack(): void {
    const back = belongs?.record;
    if (canGoBack) router.history.back();
    else void navigate(back !== undefined ? paths.card(back.type, back.id) : paths.list(type.name, section === undefined ? {} : { section: section.key }));
  }

  /** Pressed by mistake it must lose nothing: what was typed waits for the next new card. */
  function escape(): void {
    if (create.isPending) return;
    if (JSON.stringify(values) !== JSON.stringify({ ...startValues(type, section, draft.user), ...given })) showToast(t('form.draft_kept'));
    goBack();
  }

  useShortcuts({ Escape: escape });

  const shownNames = new Set(fields.map((field) => field.name));
  const isElsewhere = create.isError && [...problems.keys()].every((name) => !shownNames.has(name));

  return (
    <form
      key={round}
      ref={form}
      className={styles.form}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          submit(event.shiftKey);
        } else if (event.key === 'Escape' && !event.defaultPrevented) {
          event.preventDefault();
          escape();
        }
      }}
    >
      {trashed !== null && (
        <TrashedMatchDialog
          typeName={type.name}
          holder={trashed.holder}
          operation={trashed.operation}
          onKeep={() => {
            setTrashed(null);
            trashed.proceed();
          }}
          onRestored={(id) => {
            dropDraft(draft);
            void navigate({ ...paths.card(type.name, id, section === undefined ? {} : { section: section.key }), replace: true });
          }}
        />
      )}
      {isElsewhere && <Banner tone="error">{errorText(create.error)}</Banner>}
      {erased.length > 0 && <Banner tone="warning">{t('erased_address', { addresses: format.list([...erased]) })}</Banner>}
      {blocks.map(({ block, fields: own }) => (
        <fieldset key={block.key} className={styles.group}>
          <legend className={styles.legend}>{blockTitle(block)}</legend>
          <div className={styles.grid}>
            {own.map((field) => (
              <Owner key={field.name} value={owner}>
                <FormRow
                  field={field}
                  value={values[field.name]}
                  isRequired={mustBeFilled(field) && alternatives.get(field.name)?.length === 0}
                  hint={[enough(field), format.label(field.hint)].filter(Boolean).join('. ')}
                  problems={problems.get(field.name) ?? []}
                  onChange={(value) => change(field, value)}
                  onLeave={() => checkRequired(field)}
                  onPartLeave={() => checkTaken(field)}
                />
              </Owner>
            ))}
          </div>
        </fieldset>
      ))}
      <footer ref={keepClear} className={styles.footer}>
        {naming.choice}
        <Button look="primary" type="submit" isBusy={create.isPending || isFinishing} title={modKey('Enter')}>
          {t('save')}
        </Button>
        <Button isBusy={create.isPending || isFinishing} title={`${modKey('⇧')} Enter`} onClick={() => submit(true)}>
          {t('form.save_and_new')}
        </Button>
        <Button
          look="plain"
          className={styles.leave}
          onClick={() => {
            dropDraft(draft);
            goBack();
          }}
        >
          {t('cancel')}
        </Button>
      </footer>
    </form>
  );
}
