/** Keys of the query cache, in one place, so that live updates can invalidate what screens ask for. */
import type { RecordQuery } from './types';

export const keys = {
  setup: ['setup'] as const,
  session: ['session'] as const,
  openSessions: ['session', 'all'] as const,
  secondStep: ['session', 'second-step'] as const,
  passkeys: ['session', 'passkeys'] as const,
  appPasswords: ['session', 'app-passwords'] as const,
  userSessions: (id: number) => ['users', id, 'sessions'] as const,
  catalog: ['catalog'] as const,
  catalogAs: (role: number) => ['catalog', 'as', role] as const,
  type: (type: string) => ['records', type] as const,
  lists: (type: string) => ['records', type, 'list'] as const,
  list: (type: string, query: RecordQuery) => ['records', type, 'list', query] as const,
  /** Lists that cost too much to be read again with every change of a colleague. */
  costly: (type: string, query: RecordQuery) => ['records', type, 'costly', query] as const,
  count: (type: string, query: RecordQuery & { may?: string }) => ['records', type, 'list', 'count', query] as const,
  record: (type: string, id: number) => ['records', type, 'one', id] as const,
  histories: (type: string) => ['records', type, 'history'] as const,
  history: (type: string, id: number) => ['records', type, 'history', id] as const,
  search: (text: string, types: string) => ['search', types, text] as const,
  presence: (type: string, id: number) => ['presence', type, id] as const,
  laterChanges: (operationId: number) => ['later_changes', operationId] as const,
  operations: ['operations'] as const,
  jobs: ['jobs'] as const,
  job: (id: number) => ['jobs', id] as const,
  duplicates: ['duplicates'] as const,
  imports: ['imports'] as const,
  import: (id: number) => ['imports', id] as const,
  importProblems: (id: number, kind: string) => ['imports', id, 'problems', kind] as const,
};
