/** Keys of the query cache, in one place, so that live updates can invalidate what screens ask for. */
import type { RecordQuery } from './types';

export const keys = {
  setup: ['setup'] as const,
  session: ['session'] as const,
  openSessions: ['session', 'all'] as const,
  secondStep: ['session', 'second-step'] as const,
  passkeys: ['session', 'passkeys'] as const,
  appPasswords: ['session', 'app-passwords'] as const,
  mailSettings: ['mail', 'settings'] as const,
  letters: ['mail', 'letters'] as const,
  /** Beside the lists of users, so that it is read again with them. */
  invitations: ['records', 'user', 'list', 'invitations'] as const,
  userSessions: (id: number) => ['users', id, 'sessions'] as const,
  catalog: ['catalog'] as const,
  catalogAs: (role: number) => ['catalog', 'as', role] as const,
  access: ['access'] as const,
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
  /** Below the records, so that a change of a consent or its contact makes them stale. */
  consents: (contact: number) => ['records', 'consent', 'list', 'of', contact] as const,
  subject: (id: number) => ['personal_data', 'subject', id] as const,
  destructionActs: ['personal_data', 'acts'] as const,
  dataMap: ['personal_data', 'map'] as const,
  operations: ['operations'] as const,
  notifications: ['notifications'] as const,
  unreadNotifications: ['notifications', 'unread'] as const,
  /** Its words follow the language of the person, as all of the session does. */
  notificationSettings: ['session', 'notification-settings'] as const,
  jobs: ['jobs'] as const,
  job: (id: number) => ['jobs', id] as const,
  duplicates: ['duplicates'] as const,
  audit: (filter: Readonly<Record<string, unknown>>) => ['audit', 'list', filter] as const,
  auditSettings: ['audit', 'settings'] as const,
  imports: ['imports'] as const,
  import: (id: number) => ['imports', id] as const,
  importProblems: (id: number, kind: string) => ['imports', id, 'problems', kind] as const,
};
