/** Duplicates and how several records become one; part of `types.ts`. */
import type { Job, RecordItem } from './types';

export interface MergeInput {
  survivor: number;
  losers: number[];
  /** By field, the record whose value stands. */
  choices: Readonly<Record<string, number>>;
  /** By record, the version that was seen. */
  versions: Readonly<Record<string, number>>;
}

export interface MergeField {
  field: string;
  /** The record whose value it is; null for an empty or a united one. */
  from: number | null;
  is_united: boolean;
  is_conflict: boolean;
}

export interface MergePreview {
  records: RecordItem[];
  merged: RecordItem;
  fields: MergeField[];
  relations: { type: string; field: string; count: number }[];
}

export interface MergeAnswer {
  record: RecordItem | null;
  operation_id: number;
  /** How many records point to the survivor anew. */
  moved: number;
}

export type DuplicateReason =
  'phone' | 'email' | 'messenger' | 'website' | 'name' | 'similar_name' | 'company_name' | 'patronymic' | 'birthday' | 'employer' | 'city';

export interface DuplicateCluster {
  /** 50 to 99: how sure it is. */
  score: number;
  reasons: DuplicateReason[];
  records: RecordItem[];
  pairs: { left: number; right: number; score: number; reasons: DuplicateReason[] }[];
}

export interface DuplicateCount {
  clusters: number;
  records: number;
  is_capped: boolean;
  last_search: { finished_at: string; records: number; pairs: number; cut_keys: number; cut_records: number } | null;
  /** The search under way, if it is the reader's. */
  job: Job | null;
  can_search: boolean;
}

export type DuplicateKey = 'channel' | 'name' | 'similar_name' | 'company_name';
export type MergeRule = 'most_complete' | 'oldest' | 'most_recent';
