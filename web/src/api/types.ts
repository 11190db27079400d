/**
 * The shapes of the HTTP API as the screens use them.
 * Only this file and `client.ts` know how the API is typed; every other file imports from here.
 */
import type { Labels } from '@/util/languages';
import type { ChoiceOption } from './choices';
import type { ChoiceTraits } from './option-traits';

export type { Labels };
export type { Density, Installation, OpenSession, Feature, Session, Theme } from './session-types';
export type {
  DuplicateCluster,
  DuplicateCount,
  DuplicateKey,
  DuplicateReason,
  MergeAnswer,
  MergeField,
  MergeInput,
  MergePreview,
  MergeRule,
} from './merge-types';

export type FieldKind =
  | 'text'
  | 'long_text'
  | 'number'
  | 'money'
  | 'checkbox'
  | 'date'
  | 'date_time'
  | 'link'
  | 'choice'
  | 'choice_set'
  | 'reference'
  | 'reference_set'
  | 'file'
  | 'channels'
  | 'addresses'
  | 'filter'
  | 'recurrence';

export interface RecordReference {
  id: number;
  title: string;
  type: string;
  kind?: string | null;
}

export type OptionColor = 'grey' | 'red' | 'amber' | 'green' | 'blue' | 'purple';

export type { ChoiceOption };

export interface ChannelKind {
  key: string;
  labels: Labels;
  is_unique: boolean;
  links?: string | null;
}

export interface LabelOption {
  key: string;
  labels: Labels;
}

/** The settings of all kinds in one shape; which are present follows from the kind. */
export interface FieldSettings extends ChoiceTraits {
  max_length?: number;
  decimals?: number;
  minimum?: number | null;
  maximum?: number | null;
  currencies?: string[];
  /** Of money: what one of something costs, so not added up; the date by whose rates sums count, and the chance in percent. */
  is_price?: boolean; dated_by?: string; weighted_by?: string;
  options?: ChoiceOption[];
  target?: string;
  /** Who names a record of the own type here stands below it. */
  is_hierarchy?: boolean;
  /** A record of the target may stand here once only. */
  is_unique?: boolean;
  /** Which records of the target may stand here, in the filter language. */
  target_filter?: string | null;
  max_bytes?: number;
  /** Takes pictures only, made to fit into this many pixels, or cut to a square. */
  picture?: { max_width: number; max_height: number; is_square?: boolean } | null;
  kinds?: ChannelKind[];
  channel_labels?: LabelOption[];
  address_labels?: LabelOption[];
}

export type FilterOperator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'between'
  | 'in'
  | 'not_in'
  | 'contains'
  | 'starts_with'
  | 'ends_with'
  | 'has'
  | 'has_all'
  | 'is_empty'
  | 'is_not_empty';

/** The block where a field stands until somebody puts it elsewhere; fields of the engine itself are in `system`, which is none. */
export type FieldGroup = string;

export interface Field {
  id: number;
  name: string;
  labels: Labels;
  kind: FieldKind;
  is_custom: boolean;
  is_read_only: boolean;
  is_required: boolean;
  is_retired: boolean;
  is_sortable: boolean;
  is_filterable: boolean;
  is_indexed?: boolean;
  access: 'write' | 'read';
  group: FieldGroup;
  shown_if: string | null;
  required_if: string | null;
  overdue_if?: string | null;
  timeline?: 'shown' | 'if_asked' | null;
  rolls_up?: boolean;
  /** The value of a new record, as it is written. */
  default: FieldValue;
  /** A word about what to enter. */
  hint?: Labels;
  operators: FilterOperator[];
  settings: FieldSettings;
}

export interface Section {
  key: string;
  labels: Labels;
  filter: string;
  icon: string;
}

export interface LayoutBlock {
  key: string;
  /** Without any, a standard block has the text of the page. */
  labels?: Labels;
  /** When it shows, in the filter language. */
  shown_if?: string | null;
  fields: string[];
}

/** How the card of a type is arranged. Resolved by the server: every field in use stands in exactly one block. */
export interface Layout {
  blocks: LayoutBlock[];
  /** Fields of the pop-up over a name. */
  hover: string[];
  /** Fields of the window of a call. */
  call: string[];
  /** Other names of sections, by their keys. */
  sections: Readonly<Record<string, Labels>>;
}

export interface ChangedLayout extends Layout {
  /** Takes the change back; null when nothing was changed. */
  operation_id: number | null;
}

export interface ObjectType {
  name: string;
  labels: Labels;
  labels_plural: Labels;
  title_field: string;
  is_importable: boolean;
  is_system: boolean;
  icon: string;
  /** Whether each action is open for any record at all. */
  permissions: Record<'see' | 'create' | 'change' | 'delete' | 'export' | 'bulk' | 'merge' | 'share', boolean>;
  sections: Section[];
  default_columns: string[];
  default_sort: string;
  done_by?: string | null;
  part_of?: string[];
  /** Whether somebody can follow its records. */
  has_followers?: boolean;
  /** Its records are sets of records of this type, which name them in this field. */
  members?: { type: string; field: string } | null;
  fields: Field[];
  layout: Layout;
}

export interface Catalog {
  version: number;
  object_types: ObjectType[];
}

export interface Money {
  amount: number;
  currency: string;
}

export interface StoredFile {
  id: string;
  name: string;
  size: number;
  media_type: string;
  /** Of a picture of a record: pixels. */
  width?: number;
  height?: number;
}

export interface Channel {
  id?: number;
  kind: string;
  label: string | null;
  value: string;
  display?: string;
  is_primary?: boolean;
  is_shared?: boolean;
  comment?: string | null;
}

export interface Address {
  id?: number;
  label: string | null;
  street?: string | null;
  city?: string | null;
  region?: string | null;
  postcode?: string | null;
  country?: string | null;
  is_primary?: boolean;
  /** The exact point, in degrees; both or none. */
  latitude?: number | null;
  longitude?: number | null;
}

export type FieldValue =
  | string
  | number
  | boolean
  | Money
  | StoredFile
  | RecordReference
  | readonly (string | number | RecordReference | Channel | Address)[]
  | null
  | undefined;

export type Values = Readonly<Record<string, FieldValue>>;

export interface RecordItem {
  id: number;
  type: string;
  version: number;
  title: string;
  created_at: string;
  created_by: RecordReference | null;
  updated_at: string;
  updated_by: RecordReference | null;
  deleted_at: string | null;
  /** Where it went when another record took its place. */
  merged_into?: RecordReference;
  /** When the personal data in it was erased. */
  erased_at?: string;
  /** It is only kept: others do not see it. */
  is_restricted?: boolean;
  can_edit: boolean;
  can_delete: boolean;
  /** Fields that one writes elsewhere, and not here: whose the record is, when it is only shared with one. */
  locked_fields?: string[];
  values: Values;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** A page of a list of records. */
export interface RecordPage extends Page<RecordItem> {
  /** A search that found more than it goes through: these are the newest of them, and there is no next page for the others. */
  is_capped: boolean;
}

export interface RecordQuery {
  filter?: string;
  sort?: string;
  fields?: string;
  search?: string;
  trash?: boolean;
  /** The list as it was at this instant. */
  as_of?: string;
  /** Only those that a map shows in this part of the world: west, south, east, north. */
  bbox?: string;
}

export interface RecordCount {
  count: number;
  is_capped: boolean;
}

export interface WriteAnswer {
  record: RecordItem;
  operation_id: number | null;
  /** Deleted records with a channel of a new one. */
  in_trash?: TrashedHolder[];
  /** What is to be thought of; it was saved all the same. */
  warnings?: { code: string; field: string; display: string }[];
}

/** A record in the trash that has a channel of a new record. */
export interface TrashedHolder {
  id: number;
  title: string;
  field: string;
  display: string;
}

export interface DeleteAnswer {
  operation_id: number | null;
}

export type OperationKind = 'create' | 'update' | 'delete' | 'restore' | 'import' | 'bulk' | 'merge' | 'undo' | 'erase' | 'consent' | 'restriction' | 'field_added' | 'catalog';
export type OperationSource = 'web' | 'api' | 'address_book' | 'command_line' | 'import' | 'system';

export interface OperationSummary {
  id: number;
  kind: OperationKind;
  at: string;
  user: RecordReference | null;
  source: OperationSource;
  reason: string | null;
  record_count?: number | null;
  is_undone: boolean;
  can_undo: boolean;
}

export interface Operation extends OperationSummary {
  record_count: number;
  object_type: string | null;
  title: string | null;
}

export interface HistoryChange {
  field: string;
  old: FieldValue;
  new: FieldValue;
}

export interface HistoryEntry {
  operation: OperationSummary;
  changes: HistoryChange[];
  /** The record that took its place by this operation. */
  merged_into?: RecordReference | null;
}

export interface KeptField {
  type: string;
  id: number;
  title: string;
  field: string;
  current: FieldValue;
  would_be: FieldValue;
}

export interface UndoAnswer {
  /** Null when everything was kept. */
  operation_id?: number | null;
  undoes?: number | null;
  undone?: number;
  kept?: KeptField[];
  /** With those that the reader may not see. */
  kept_count?: number;
  job?: Job;
}

export interface ImportUndoAnswer extends UndoAnswer {
  /** Operations of the import that wait for the end of the job. */
  left?: number;
}

export interface SearchItem {
  id: number;
  type: string;
  title: string;
  subtitle: string | null;
  kind?: string | null;
  /** `part` names the type of the part of the record in which the text stands, as a comment. */
  matched: { part: string | null; field: string; text: string; start: number; end: number } | null;
}

export interface SearchAnswer {
  items: SearchItem[];
  has_more: boolean;
}

export type JobKind = 'import_check' | 'import' | 'import_queue' | 'export' | 'export_all' | 'bulk' | 'undo' | 'index' | 'find_duplicates' | 'merge_duplicates' | 'find_places' | 'create_for_each' | 'use_template' | 'erase' | 'export_person' | 'handover' | 'retention';
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  id: number;
  kind: JobKind;
  /** Of a mass change: what it does with each record. */
  action: 'update' | 'delete' | 'restore' | null;
  state: JobState;
  /** What it wrote under, once it has begun to write. */
  operation_id: number | null;
  done: number;
  total: number | null;
  started_at: string | null;
  finished_at: string | null;
  user: RecordReference | null;
  report: Readonly<Record<string, unknown>> | null;
  error: { code: string; params?: ProblemParams } | null;
  can_cancel: boolean;
  /** With how many records it could not do what it should, and of how many of those it is kept which and why. */
  failed_count: number;
  listed_count: number;
}

export type ImportState = 'mapping' | 'checking' | 'checked' | 'running' | 'done' | 'failed' | 'cancelled' | 'undone';
export type ImportDecision = 'update' | 'merge' | 'skip' | 'create_shared';

export interface ImportColumn {
  index: number;
  header: string;
  samples: string[];
  target: string | null;
  is_sure: boolean;
}

export interface ImportTarget {
  key: string;
  labels: Labels;
  group?: string | null;
}

export interface ImportOptions {
  sheet?: string | null;
  encoding?: string | null;
  delimiter?: string | null;
  has_header?: boolean;
}

export interface ImportPreviewRow {
  row: number;
  values: Values;
  problems: { column: number | null; field?: string | null; code: string; params?: ProblemParams; value?: string | null }[];
}

export interface ImportCheck {
  read: number;
  would_create: number;
  would_update: number;
  unchanged: number;
  needs_decision: number;
  skipped: number;
  errors: number;
  companies: number;
  /** Cards with a picture; reports of before have none. */
  photos?: number;
}

export interface ImportReport {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  /** Of the skipped, those that wait for a decision. */
  undecided?: number;
  failed: number;
  companies_created: number;
  /** Records that have got the picture of their card. */
  photos?: number;
  /** What was left out of rows that were taken. */
  warnings?: number;
}

/** What the list of imports tells of each. */
export interface ImportHead {
  id: number;
  type: string;
  file_name: string;
  file_size: number;
  kind: string;
  recognised: string | null;
  state: ImportState;
  created_at?: string;
  row_estimate: number | null;
  check: ImportCheck | null;
  job: Job | null;
  operation_id: number | null;
  can_undo: boolean;
  report: ImportReport | null;
}

export interface ImportItem extends ImportHead {
  /** What its queue loaded after its end: for the reader to take back, and for others. */
  queue_records: number;
  queue_records_of_others: number;
  options: ImportOptions;
  sheets: string[];
  columns: ImportColumn[];
  targets: ImportTarget[];
  mode: 'create_and_update' | 'create_only' | 'update_only';
  match_keys: string[];
  defaults: Readonly<Record<string, FieldValue>>;
  on_partial_match: 'ask' | ImportDecision;
  /** What a field refuses goes to the notes as text, and the row is loaded without it. */
  keep_unreadable: boolean;
  /** Rows with an address of somebody who was erased are loaded all the same. */
  admits_erased: boolean;
  remember: boolean;
  preview: ImportPreviewRow[];
}

export interface ImportProblem {
  row: number;
  column: number | null;
  field: string | null;
  code: string;
  params?: ProblemParams;
  value: string | null;
  kind: 'error' | 'decision' | 'warning';
  match?: { id: number; title: string; on: string[] } | null;
  decision: ImportDecision | null;
}

export interface ImportChange {
  options?: ImportOptions;
  mapping?: { index: number; target: string | null }[];
  mode?: ImportItem['mode'];
  match_keys?: string[];
  defaults?: Readonly<Record<string, FieldValue>>;
  on_partial_match?: ImportItem['on_partial_match'];
  keep_unreadable?: boolean;
  admits_erased?: boolean;
  remember?: boolean;
}

export type ProblemParams = Readonly<Record<string, unknown>>;

export interface FieldProblem {
  pointer: string;
  code: string;
  params?: ProblemParams;
}

export interface Problem {
  type?: string;
  title?: string;
  status: number;
  detail?: string;
  code: string;
  request_id?: string;
  params?: ProblemParams;
  errors?: FieldProblem[];
}
