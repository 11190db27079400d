import {
  IconAddressBook,
  IconBuilding,
  IconBuildings,
  IconCalendar,
  IconChecklist,
  IconFileText,
  IconFolder,
  IconFolders,
  IconMessage,
  IconPaperclip,
  IconPhone,
  IconTag,
  IconUser,
  IconUsers,
  type IconProps,
} from '@tabler/icons-react';

/** The icons that object types and sections may name in the catalog. */
const ICONS: Readonly<Record<string, typeof IconUser>> = {
  'address-book': IconAddressBook,
  building: IconBuilding,
  buildings: IconBuildings,
  calendar: IconCalendar,
  checklist: IconChecklist,
  'file-text': IconFileText,
  'folder-tree': IconFolders,
  message: IconMessage,
  paperclip: IconPaperclip,
  phone: IconPhone,
  tag: IconTag,
  user: IconUser,
  users: IconUsers,
};

export function CatalogIcon({ name, ...rest }: { name: string } & IconProps) {
  const Icon = ICONS[name] ?? IconFolder;
  return <Icon {...rest} />;
}
