import type { JSX } from 'react';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { catalogQuery } from '@/api/catalog';
import { sessionQuery, setupQuery } from '@/api/session';
import { readCalendarSearch } from '@/modules/calendar/search';
import { isBare, readListSearch, type ListSearch } from '@/records/list/list-search';
import { firstView, savedViewsQuery, viewSearch } from '@/records/list/saved-views';
import { paths } from '@/records/paths';
import './arrived-with';
import { loadModuleTexts } from './i18n';
import { LoadError } from './LoadError';
import { NotFound } from './NotFound';
import { queryClient } from './query-client';

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A screen of a module; its texts come with it. */
function moduleScreen<Name extends string>(load: () => Promise<Readonly<Record<Name, () => JSX.Element | null>>>, name: Name) {
  return lazyRouteComponent<{ default: () => JSX.Element | null }, 'default'>(async () => {
    const [screens] = await Promise.all([load(), loadModuleTexts()]);
    return { default: screens[name] };
  });
}

const rootRoute = createRootRoute({ notFoundComponent: NotFound, errorComponent: LoadError });

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => import('./entrance/SetupScreen'), 'SetupScreen'),
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: text(search.next) }),
  beforeLoad: async () => {
    if ((await queryClient.ensureQueryData(sessionQuery)) !== null) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('./entrance/LoginScreen'), 'LoginScreen'),
});

const forgottenRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgotten',
  component: moduleScreen(() => import('./entrance/ForgottenScreen'), 'ForgottenScreen'),
});

const newPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/new-password',
  component: moduleScreen(() => import('./entrance/NewPasswordScreen'), 'NewPasswordScreen'),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: moduleScreen(() => import('./entrance/InvitationScreen'), 'InvitationScreen'),
});

/** Identity providers send browsers back to here. */
const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: moduleScreen(() => import('./entrance/SignInScreen'), 'SignInScreen'),
});

/** Who must have a second step and has none is led through setting it up before anything else opens. */
const secondStepRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/second-step',
  beforeLoad: async () => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: '/login', search: {} });
    if (!session.must_set_up_second_step) throw redirect({ to: '/' });
  },
  component: moduleScreen(() => import('./entrance/SecondStepScreen'), 'SecondStepScreen'),
});

/** Everything behind the login: it waits for the session and the catalog, then draws the frame. */
const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session?.must_set_up_second_step === true) throw redirect({ to: '/second-step' });
    if (session !== null) return;
    const { is_open: isSetupOpen } = await queryClient.fetchQuery(setupQuery);
    if (isSetupOpen) throw redirect({ to: '/setup', search: {} });
    throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
  },
  loader: () => queryClient.ensureQueryData(catalogQuery),
  component: lazyRouteComponent(() => import('./frame/Frame'), 'Frame'),
});

const homeRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
  beforeLoad: async () => {
    const { object_types: types } = await queryClient.ensureQueryData(catalogQuery);
    const first = types.find((type) => !type.is_system);
    if (first !== undefined) throw redirect(paths.list(first.name, { section: first.sections[0]?.key }));
  },
});

/** A bare list opens as the view that the person, or the company, wants to see first. */
async function openFirstView(type: string, search: ListSearch): Promise<void> {
  const session = queryClient.getQueryData(sessionQuery.queryKey);
  if (!session || !isBare(search) || session.user.default_views.length + session.installation.default_views.length === 0) return;
  // A list that cannot read its views is still a list.
  const records = await queryClient.ensureQueryData(savedViewsQuery).catch(() => []);
  const view = firstView(type, search.section, records, session);
  if (view !== undefined) throw redirect({ ...paths.list(type, viewSearch(view)), replace: true });
}

const listRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/records/$type',
  validateSearch: readListSearch,
  beforeLoad: ({ params, search }) => openFirstView(params.type, search),
  component: lazyRouteComponent(() => import('@/records/list/RecordListScreen'), 'RecordListScreen'),
});

const createRecordRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/records/$type/new',
  validateSearch: (search: Record<string, unknown>): { section?: string; belongs?: string; named_by?: string } => ({
    section: text(search.section),
    belongs: text(search.belongs),
    named_by: text(search.named_by),
  }),
  component: lazyRouteComponent(() => import('@/records/form/CreateRecordScreen'), 'CreateRecordScreen'),
});

const mergeRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/records/$type/merge',
  // A single id in an address reads as a number.
  validateSearch: (search: Record<string, unknown>): { ids?: string } => ({
    ids: typeof search.ids === 'number' ? String(search.ids) : text(search.ids),
  }),
  component: lazyRouteComponent(() => import('@/records/merge/MergeScreen'), 'MergeScreen'),
});

const cardRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/records/$type/$id',
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import('@/records/card/RecordCardScreen'), 'RecordCardScreen'),
});

const calendarRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/calendar',
  validateSearch: readCalendarSearch,
  component: moduleScreen(() => import('@/modules/calendar/CalendarScreen'), 'CalendarScreen'),
});

const trashRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/trash',
  validateSearch: (search: Record<string, unknown>): { type?: string; q?: string } => ({ type: text(search.type), q: text(search.q) }),
  component: lazyRouteComponent(() => import('@/records/trash/TrashScreen'), 'TrashScreen'),
});

const workloadRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/day/workload',
  validateSearch: (search: { week?: string; mine?: boolean }) => search,
  component: moduleScreen(() => import('@/modules/work/WorkloadScreen'), 'WorkloadScreen'),
});

const dayRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/day',
  validateSearch: (search: Record<string, unknown>): { open?: string } => ({ open: text(search.open) }),
  component: moduleScreen(() => import('@/modules/work/MyDayScreen'), 'MyDayScreen'),
});

const salesPlanRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/sales-plan',
  validateSearch: (search: Record<string, unknown>): { year?: number; team?: number } => ({ year: Number(search.year) || undefined, team: Number(search.team) || undefined }),
  component: moduleScreen(() => import('@/modules/sales/SalesPlanScreen'), 'SalesPlanScreen'),
});

const groupsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/groups',
  component: moduleScreen(() => import('@/modules/groups/GroupsScreen'), 'GroupsScreen'),
});

const qualityRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/quality',
  component: moduleScreen(() => import('@/modules/quality/QualityScreen'), 'QualityScreen'),
});

const operationsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/operations',
  component: lazyRouteComponent(() => import('@/records/operations/OperationsScreen'), 'OperationsScreen'),
});

const notificationsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/notifications',
  component: moduleScreen(() => import('@/modules/notifications/NotificationsScreen'), 'NotificationsScreen'),
});

const duplicatesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/duplicates',
  validateSearch: (search: Record<string, unknown>): { type?: string } => ({ type: text(search.type) }),
  component: moduleScreen(() => import('@/modules/duplicates/DuplicatesScreen'), 'DuplicatesScreen'),
});

const importsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/import',
  component: moduleScreen(() => import('@/modules/import/ImportListScreen'), 'ImportListScreen'),
});

const importRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/import/$id',
  validateSearch: (search: Record<string, unknown>): { step?: string } => ({ step: text(search.step) }),
  component: moduleScreen(() => import('@/modules/import/ImportScreen'), 'ImportScreen'),
});

const settingsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings',
  component: moduleScreen(() => import('@/modules/settings/SettingsLayout'), 'SettingsLayout'),
});

const settingsHomeRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect(paths.profile());
  },
});

const profileRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/profile',
  component: moduleScreen(() => import('./ProfilePage'), 'ProfilePage'),
});

const fieldSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/fields',
  component: moduleScreen(() => import('@/modules/settings/FieldsScreen'), 'FieldsScreen'),
});

const cardSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/card',
  component: moduleScreen(() => import('@/modules/settings/builder/CardBuilderScreen'), 'CardBuilderScreen'),
});

const companyRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/company',
  component: moduleScreen(() => import('@/modules/settings/CompanyScreen'), 'CompanyScreen'),
});

const usersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/users',
  component: moduleScreen(() => import('@/modules/users/UsersScreen'), 'UsersScreen'),
});

const signInSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/sign-in',
  component: moduleScreen(() => import('@/modules/settings/sign-in/SignInSettingsScreen'), 'SignInSettingsScreen'),
});

const mailRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/mail',
  component: moduleScreen(() => import('@/modules/mail/MailScreen'), 'MailScreen'),
});

const rolesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/roles',
  component: moduleScreen(() => import('@/modules/rights/RolesScreen'), 'RolesScreen'),
});

const newRoleRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/roles/new',
  validateSearch: (search: Record<string, unknown>): { from?: number } => ({ from: typeof search.from === 'number' ? search.from : undefined }),
  component: moduleScreen(() => import('@/modules/rights/RoleScreen'), 'NewRoleScreen'),
});

const roleRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/roles/$id',
  component: moduleScreen(() => import('@/modules/rights/RoleScreen'), 'RoleScreen'),
});

const teamsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/teams',
  component: moduleScreen(() => import('@/modules/rights/TeamsScreen'), 'TeamsScreen'),
});

const tagsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/tags',
  component: moduleScreen(() => import('@/modules/tags/TagsScreen'), 'TagsScreen'),
});

const moneyRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/money',
  component: moduleScreen(() => import('@/modules/money/MoneyScreen'), 'MoneyScreen'),
});

const personalDataRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/personal-data',
  component: moduleScreen(() => import('@/modules/personal-data/PersonalDataScreen'), 'PersonalDataScreen'),
});

const schedulesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/schedules',
  validateSearch: (search: Record<string, unknown>): { user?: number } => ({ user: typeof search.user === 'number' ? search.user : undefined }),
  component: moduleScreen(() => import('@/modules/schedules/SchedulesScreen'), 'SchedulesScreen'),
});

const auditRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/audit',
  component: moduleScreen(() => import('@/modules/audit/AuditScreen'), 'AuditScreen'),
});

const apiKeysRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/api-keys',
  component: moduleScreen(() => import('@/modules/settings/api-keys/ApiKeysScreen'), 'ApiKeysScreen'),
});

const webhooksRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/webhooks',
  component: moduleScreen(() => import('@/modules/webhooks/WebhooksScreen'), 'WebhooksScreen'),
});

const webhookRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/webhooks/$id',
  component: moduleScreen(() => import('@/modules/webhooks/WebhookScreen'), 'WebhookScreen'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    setupRoute,
    loginRoute,
    forgottenRoute,
    newPasswordRoute,
    invitationRoute,
    signInRoute,
    secondStepRoute,
    frameRoute.addChildren([
      homeRoute,
      listRoute,
      createRecordRoute,
      mergeRoute,
      cardRoute,
      calendarRoute,
      trashRoute,
      dayRoute,
      salesPlanRoute,
      workloadRoute,
      groupsRoute,
      operationsRoute,
      notificationsRoute,
      duplicatesRoute,
      qualityRoute,
      importsRoute,
      importRoute,
      settingsRoute.addChildren([settingsHomeRoute, profileRoute, cardSettingsRoute, fieldSettingsRoute, companyRoute, signInSettingsRoute, mailRoute, usersRoute, teamsRoute, schedulesRoute, rolesRoute, newRoleRoute, roleRoute, tagsRoute, moneyRoute, apiKeysRoute, webhooksRoute, webhookRoute, auditRoute, personalDataRoute]),
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: LoadError,
  defaultPendingMs: 500,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
