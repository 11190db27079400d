import {
  IconCopy,
  IconFileImport,
  IconHistory,
  IconKeyboard,
  IconListDetails,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSettings,
  IconSun,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { recordPickQuery, recordQuery } from '@/api/records';
import { useChangeProfile, useLogOut, useSession } from '@/api/session';
import type { Feature, ObjectType, RecordItem, SearchAnswer } from '@/api/types';
import { newFrom, type NewFrom } from '@/records/form/new-from';
import { paths } from '@/records/paths';
import { RecordAvatar } from '@/records/RecordAvatar';
import { AVATAR_FIELDS } from '@/records/record-shape';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { useFormat } from '@/ui/use-format';
import { openCard } from './open-card';
import { secondLine, secondLineFields } from './second-line';

export interface PaletteEntry {
  key: string;
  title: string;
  icon: ReactNode;
  /** What kind of thing it is, at the right. */
  note: string;
  /** What tells it from its namesakes, below the title. */
  line: string;
  match: { text: string; start: number; end: number } | null;
  /** In which part of it the match stands: a comment, a file. */
  place: { name: string; icon: string } | null;
  run: () => void;
}

/** The records behind the answer say more than the answer; until they have come, its own words stand there. */
function useFoundDetails(answer: SearchAnswer | undefined): { line: string; values: RecordItem['values'] }[] {
  const { object_types: types } = useCatalog();
  const items = answer?.items ?? [];
  const names = [...new Set(items.map((item) => item.type))].sort();
  const found = useQueries({
    queries: names.map((name) => {
      const type = types.find((candidate) => candidate.name === name);
      const drawn = (type?.fields ?? []).map((field) => field.name).filter((field) => AVATAR_FIELDS.includes(field));
      const fields = [secondLineFields(type), ...drawn].filter((part) => part !== '').join(',');
      const ids = items.filter((item) => item.type === name).map((item) => item.id);
      return { ...recordPickQuery(name, '', `id in (${ids.join(', ')})`, { fields }), enabled: fields !== '' };
    }),
    combine: (answers) => answers.flatMap((one) => one.data?.items ?? []),
  });
  return items.map((item) => {
    const record = found.find((candidate) => candidate.id === item.id && candidate.type === item.type);
    return {
      line: secondLine(item.subtitle, record, types.find((type) => type.name === item.type), item.matched?.text ?? null),
      values: record?.values ?? { kind: item.kind ?? null },
    };
  });
}

export function useFoundRecords(answer: SearchAnswer | undefined): PaletteEntry[] {
  const navigate = useNavigate();
  const format = useFormat();
  const { object_types: types } = useCatalog();
  const details = useFoundDetails(answer);
  const placeOf = (part: string | null | undefined): PaletteEntry['place'] => {
    const type = types.find((candidate) => candidate.name === part);
    return type === undefined ? null : { name: format.label(type.labels), icon: type.icon };
  };
  return (answer?.items ?? []).map((item, index) => ({
    key: `${item.type}/${item.id}`,
    title: item.title,
    icon: <RecordAvatar record={{ type: item.type, id: item.id, title: item.title, values: details[index]?.values ?? {} }} />,
    note: '',
    line: details[index]?.line ?? '',
    match: item.matched !== null && item.matched.text !== item.title ? item.matched : null,
    place: placeOf(item.matched?.part),
    run: () => void navigate(paths.card(item.type, item.id)),
  }));
}

/** What can be made from the card that is open, on its page or beside its list. */
function useNewFromOpenCard(): { type: ObjectType; created: NewFrom }[] {
  const { object_types: types } = useCatalog();
  const open = openCard(useLocation(), types);
  const record = useQuery({ ...recordQuery(open?.type.name ?? '', open?.id ?? 0), enabled: open !== null, retry: false });
  if (open === null || record.data === undefined) return [];
  return newFrom(open.type, record.data).map((created) => ({ type: open.type, created }));
}

/** Everything that can be done from anywhere; the text filters by words of the title. */
export function usePaletteActions(text: string, onOpenKeys: () => void): PaletteEntry[] {
  const { t } = useTranslation('app');
  const format = useFormat();
  const navigate = useNavigate();
  const { object_types: types } = useCatalog();
  const session = useSession();
  const changeProfile = useChangeProfile();
  const logOut = useLogOut();
  const may = (feature: Feature): boolean => session.permissions.features.includes(feature);
  const isDark = (session.user.theme ?? 'system') === 'dark';

  const go = t('palette.section');
  const act = t('palette.action');
  const set = t('palette.setting');
  const entry = (key: string, title: string, icon: ReactNode, note: string, run: () => void): PaletteEntry => ({
    key,
    title,
    icon,
    note,
    line: '',
    match: null,
    place: null,
    run,
  });
  const ofTypes = types
    .filter((type) => !type.is_system)
    .flatMap((type) => [
      ...(type.permissions.create
        ? type.sections.map((section) =>
            entry(`create/${section.key}`, t('palette.create_in', { section: format.label(section.labels) }), <IconPlus size={16} />, act, () =>
              void navigate(paths.create(type.name, section.key)),
            ),
          )
        : []),
      ...type.sections.map((section) =>
        entry(`section/${section.key}`, format.label(section.labels), <CatalogIcon name={section.icon} size={16} />, go, () =>
          void navigate(paths.list(type.name, { section: section.key })),
        ),
      ),
    ]);
  const ofType = (name: string, note: string, run: () => void): PaletteEntry[] =>
    types
      .filter((type) => type.name === name)
      .map((type) => entry(name, format.label(type.labels_plural), <CatalogIcon name={type.icon} size={16} />, note, run));
  const ofOpenCard = useNewFromOpenCard().map(({ type, created: { section, kind, belongs, namedBy } }) =>
    entry(`from_card/${section.key}`, t('records:card.new_kind', { kind: format.label(kind).toLowerCase() }), <IconPlus size={16} />, t('palette.of_card'), () =>
      void navigate(paths.create(type.name, section.key, { belongs, named_by: namedBy })),
    ),
  );
  const keepsTags = types.some((type) => type.name === 'tag' && type.permissions.change);
  const all = [
    ...ofOpenCard,
    ...(types.some((type) => type.name === 'task') ? [entry('day', t('my_day'), <IconSun size={16} />, go, () => void navigate(paths.day())), entry('workload', t('workload'), <IconUsers size={16} />, go, () => void navigate(paths.workload()))] : []),
    ...ofTypes,
    ...ofType('group', go, () => void navigate(paths.groups())),
    ...(may('import') ? [entry('import', t('import'), <IconFileImport size={16} />, go, () => void navigate(paths.imports()))] : []),
    ...(may('duplicates') ? [entry('duplicates', t('duplicates'), <IconCopy size={16} />, go, () => void navigate(paths.duplicates()))] : []),
    entry('operations', t('operations'), <IconHistory size={16} />, go, () => void navigate(paths.operations())),
    entry('trash', t('trash'), <IconTrash size={16} />, go, () => void navigate(paths.trash())),
    entry('settings', t('settings'), <IconSettings size={16} />, set, () => void navigate(paths.profile())),
    ...(may('fields') ? [entry('fields', t('palette.fields'), <IconListDetails size={16} />, set, () => void navigate(paths.fieldSettings()))] : []),
    ...(may('users') ? [entry('users', t('palette.users'), <IconUsers size={16} />, set, () => void navigate(paths.users()))] : []),
    ...(may('users') ? ofType('team', set, () => void navigate(paths.teams())) : []),
    ...(may('roles') ? ofType('role', set, () => void navigate(paths.roles())) : []),
    ...(keepsTags ? ofType('tag', set, () => void navigate(paths.tags())) : []),
    entry('theme', isDark ? t('palette.light') : t('palette.dark'), isDark ? <IconSun size={16} /> : <IconMoon size={16} />, set, () =>
      changeProfile.mutate({ theme: isDark ? 'light' : 'dark' }),
    ),
    entry('keys', t('keys.title'), <IconKeyboard size={16} />, act, onOpenKeys),
    entry('log_out', t('log_out'), <IconLogout size={16} />, act, () => logOut.mutate()),
  ];
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((candidate) => words.every((word) => candidate.title.toLowerCase().includes(word)));
}
