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
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useChangeProfile, useLogOut, useSession } from '@/api/session';
import type { SearchAnswer } from '@/api/types';
import { paths } from '@/records/paths';
import { Avatar } from '@/ui/Avatar';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { useFormat } from '@/ui/use-format';

export interface PaletteEntry {
  key: string;
  title: string;
  icon: ReactNode;
  /** What kind of thing it is, at the right. */
  note: string;
  match: { text: string; start: number; end: number } | null;
  run: () => void;
}

export function useFoundRecords(answer: SearchAnswer | undefined): PaletteEntry[] {
  const navigate = useNavigate();
  return (answer?.items ?? []).map((item) => ({
    key: `${item.type}/${item.id}`,
    title: item.title,
    icon: <Avatar id={item.id} title={item.title} shape={item.kind === 'company' ? 'square' : 'round'} />,
    note: item.subtitle ?? '',
    match: item.matched !== null && item.matched.text !== item.title ? item.matched : null,
    run: () => void navigate(paths.card(item.type, item.id)),
  }));
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
  const isDark = (session.user.theme ?? 'system') === 'dark';

  const go = t('palette.section');
  const act = t('palette.action');
  const set = t('palette.setting');
  const entry = (key: string, title: string, icon: ReactNode, note: string, run: () => void): PaletteEntry => ({
    key,
    title,
    icon,
    note,
    match: null,
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
  const all = [
    ...ofTypes,
    entry('import', t('import'), <IconFileImport size={16} />, go, () => void navigate(paths.imports())),
    entry('duplicates', t('duplicates'), <IconCopy size={16} />, go, () => void navigate(paths.duplicates())),
    entry('operations', t('operations'), <IconHistory size={16} />, go, () => void navigate(paths.operations())),
    entry('trash', t('trash'), <IconTrash size={16} />, go, () => void navigate(paths.trash())),
    entry('settings', t('settings'), <IconSettings size={16} />, set, () => void navigate(paths.profile())),
    ...(session.permissions.administer
      ? [
          entry('fields', t('palette.fields'), <IconListDetails size={16} />, set, () => void navigate(paths.fieldSettings())),
          entry('users', t('palette.users'), <IconUsers size={16} />, set, () => void navigate(paths.users())),
        ]
      : []),
    entry('theme', isDark ? t('palette.light') : t('palette.dark'), isDark ? <IconSun size={16} /> : <IconMoon size={16} />, set, () =>
      changeProfile.mutate({ theme: isDark ? 'light' : 'dark' }),
    ),
    entry('keys', t('keys.title'), <IconKeyboard size={16} />, act, onOpenKeys),
    entry('log_out', t('log_out'), <IconLogout size={16} />, act, () => logOut.mutate()),
  ];
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((candidate) => words.every((word) => candidate.title.toLowerCase().includes(word)));
}
