/** The one builder of links: `<Link {...paths.card('contact', 42)}>` or `navigate(paths.trash())`. */
import { linkOptions } from '@tanstack/react-router';
import type { ListSearch } from './list/list-search';

/** See `modules/calendar/place.ts`. */
export interface CalendarLink {
  view?: 'day' | 'week' | 'month' | 'agenda';
  day?: string;
  users?: string;
  open?: string;
}

export const paths = {
  list: (type: string, search: ListSearch = {}) => linkOptions({ to: '/records/$type', params: { type }, search }),
  /** `list` is the list the card was opened from; J and K walk it. */
  card: (type: string, id: number, list: ListSearch = {}) =>
    linkOptions({ to: '/records/$type/$id', params: { type, id: String(id) }, search: list }),
  /** `belongs` fills in a reference of the new record (`parent:42`), `named_by` one of the record 42 once the new one is there. */
  create: (type: string, section?: string, link: { belongs?: string; named_by?: string } = {}) =>
    linkOptions({ to: '/records/$type/new', params: { type }, search: { ...(section === undefined ? {} : { section }), ...link } }),
  /** One record is offered what may be merged with it. */
  merge: (type: string, ids: readonly number[]) =>
    linkOptions({ to: '/records/$type/merge', params: { type }, search: { ids: ids.join('-') } }),
  calendar: (search: CalendarLink = {}) => linkOptions({ to: '/calendar', search }),
  duplicates: () => linkOptions({ to: '/duplicates' }),
  trash: (type?: string) => linkOptions({ to: '/trash', search: type === undefined ? {} : { type } }),
  /** `open` is a card beside the list: `task-12`. */
  day: (search: { open?: string } = {}) => linkOptions({ to: '/day', search }),
  salesPlan: (search: { year?: number; team?: number } = {}) => linkOptions({ to: '/sales-plan', search }),
  workload: (search: { week?: string; mine?: boolean } = {}) => linkOptions({ to: '/day/workload', search }),
  groups: () => linkOptions({ to: '/groups' }),
  operations: () => linkOptions({ to: '/operations' }),
  notifications: () => linkOptions({ to: '/notifications' }),
  quality: () => linkOptions({ to: '/quality' }),
  imports: () => linkOptions({ to: '/import' }),
  import: (id: number) => linkOptions({ to: '/import/$id', params: { id: String(id) } }),
  profile: () => linkOptions({ to: '/settings/profile' }),
  notificationSettings: () => linkOptions({ to: '/settings/profile', hash: 'notifications' }),
  fieldSettings: () => linkOptions({ to: '/settings/fields' }),
  cardSettings: () => linkOptions({ to: '/settings/card' }),
  company: () => linkOptions({ to: '/settings/company' }),
  signInSettings: () => linkOptions({ to: '/settings/sign-in' }),
  users: () => linkOptions({ to: '/settings/users' }),
  mail: () => linkOptions({ to: '/settings/mail' }),
  roles: () => linkOptions({ to: '/settings/roles' }),
  role: (id: number) => linkOptions({ to: '/settings/roles/$id', params: { id: String(id) } }),
  /** A new role, from a stored one (`from`) or from nothing. */
  newRole: (from?: number) => linkOptions({ to: '/settings/roles/new', search: from === undefined ? {} : { from } }),
  teams: () => linkOptions({ to: '/settings/teams' }),
  schedules: (search: { user?: number } = {}) => linkOptions({ to: '/settings/schedules', search }),
  audit: () => linkOptions({ to: '/settings/audit' }),
  personalData: () => linkOptions({ to: '/settings/personal-data' }),
  tags: () => linkOptions({ to: '/settings/tags' }),
  money: () => linkOptions({ to: '/settings/money' }),
  apiKeys: () => linkOptions({ to: '/settings/api-keys' }),
  webhooks: () => linkOptions({ to: '/settings/webhooks' }),
  webhook: (id: number) => linkOptions({ to: '/settings/webhooks/$id', params: { id: String(id) } }),
  login: () => linkOptions({ to: '/login' }),
  forgotten: () => linkOptions({ to: '/forgotten' }),
};
