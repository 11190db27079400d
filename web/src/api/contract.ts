/**
 * Holds the hand-written shapes of `types.ts` against those generated from `openapi.json`: a member that the API
 * does not know, or knows with another type, does not compile. The hand-written ones may be stricter about what is always there.
 */
import type { ApiKey, NewApiKey } from './api-keys';
import type { AppPassword, NewAppPassword } from './app-passwords';
import type { KeyRequest, Passkey } from './passkeys';
import type { CodeSetup, OpenSecondStep, RecoveryCodes, SecondStep } from './sign-in';
import type { components } from './generated/schema';
import type {
  Catalog,
  DeleteAnswer,
  DuplicateCluster,
  DuplicateCount,
  Field,
  FieldValue,
  HistoryEntry,
  ImportChange,
  ImportCheck,
  ImportItem,
  ImportProblem,
  ImportReport,
  Job,
  MergeAnswer,
  MergeInput,
  MergePreview,
  ObjectType,
  OpenSession,
  Operation,
  Problem,
  RecordCount,
  RecordItem,
  SearchAnswer,
  Section,
  Session,
  StoredFile,
  UndoAnswer,
  WriteAnswer,
} from './types';

type Generated = components['schemas'];

/**
 * The same shape with every member optional and nullable, as deep as it goes. Names of kinds and states count as text:
 * the description leaves them open. Values of fields and open maps are judged by the kinds of fields, not here.
 */
type Loose<Shape> = Shape extends string
  ? string
  : Shape extends readonly (infer Entry)[]
    ? readonly Loose<Entry>[]
    : Shape extends object
      ? string extends keyof Shape
        ? object
        : { readonly [Key in keyof Shape]?: FieldValue extends Shape[Key] ? unknown : Loose<Shape[Key]> | null }
      : Shape;

type UnknownMembers<Hand, Api> = Exclude<keyof Hand, keyof Api>;

type Agrees<Hand, Api> = [UnknownMembers<Hand, Api>] extends [never] ? (Api extends Loose<Hand> ? true : 'other types') : UnknownMembers<Hand, Api>;

type Hold<Verdict extends true> = Verdict;

export type Contract = [
  Hold<Agrees<Problem, Generated['Problem']>>,
  Hold<Agrees<Session, Generated['Session']>>,
  Hold<Agrees<OpenSession, Generated['OpenSession']>>,
  Hold<Agrees<OpenSecondStep, Generated['OpenSecondStep']>>,
  Hold<Agrees<SecondStep, Generated['SecondStep']>>,
  Hold<Agrees<Passkey, Generated['Passkey']>>,
  Hold<Agrees<KeyRequest, Generated['KeyRequest']>>,
  Hold<Agrees<CodeSetup, Generated['CodeSetup']>>,
  Hold<Agrees<RecoveryCodes, Generated['RecoveryCodes']>>,
  Hold<Agrees<ApiKey, Generated['ApiKey']>>,
  Hold<Agrees<NewApiKey, Generated['NewApiKey']>>,
  Hold<Agrees<AppPassword, Generated['AppPassword']>>,
  Hold<Agrees<NewAppPassword, Generated['NewAppPassword']>>,
  Hold<Agrees<Section, Generated['Section']>>,
  Hold<Agrees<Field, Generated['Field']>>,
  Hold<Agrees<ObjectType, Generated['ObjectType']>>,
  Hold<Agrees<Catalog, Generated['Catalog']>>,
  Hold<Agrees<RecordItem, Generated['Record']>>,
  Hold<Agrees<RecordCount, Generated['RecordCount']>>,
  Hold<Agrees<WriteAnswer, Generated['WriteAnswer']>>,
  Hold<Agrees<DeleteAnswer, Generated['DeleteAnswer']>>,
  Hold<Agrees<HistoryEntry, Generated['HistoryEntry']>>,
  Hold<Agrees<Operation, Generated['Operation']>>,
  Hold<Agrees<UndoAnswer, Generated['UndoAnswer']>>,
  Hold<Agrees<SearchAnswer, Generated['SearchAnswer']>>,
  Hold<Agrees<Job, Generated['Job']>>,
  Hold<Agrees<MergeInput, Generated['MergeInput']>>,
  Hold<Agrees<MergePreview, Generated['MergePreview']>>,
  Hold<Agrees<MergeAnswer, Generated['MergeAnswer']>>,
  Hold<Agrees<DuplicateCluster, Generated['DuplicateCluster']>>,
  Hold<Agrees<DuplicateCount, Generated['DuplicateCount']>>,
  Hold<Agrees<StoredFile, Generated['StoredFile']>>,
  Hold<Agrees<ImportItem, Generated['Import']>>,
  Hold<Agrees<ImportCheck, Generated['ImportCheck']>>,
  Hold<Agrees<ImportReport, Generated['ImportReport']>>,
  Hold<Agrees<ImportProblem, Generated['ImportProblem']>>,
  Hold<Agrees<ImportChange, Generated['ImportChange']>>,
];
