import {
  IconAddressBook,
  IconBriefcase,
  IconBuilding,
  IconBuildings,
  IconCalendar,
  IconCheckbox,
  IconChecklist,
  IconFileText,
  IconFolder,
  IconFolders,
  IconListCheck,
  IconMessage,
  IconPackage,
  IconPaperclip,
  IconPhone,
  IconReceiptTax,
  IconShoppingCart,
  IconTag,
  IconUser,
  IconUserCheck,
  IconUsers,
  type IconProps,
} from '@tabler/icons-react';

/** The icons that object types and sections may name in the catalog. */
const ICONS: Readonly<Record<string, typeof IconUser>> = {
  'address-book': IconAddressBook,
  briefcase: IconBriefcase,
  building: IconBuilding,
  buildings: IconBuildings,
  calendar: IconCalendar,
  checkbox: IconCheckbox,
  checklist: IconChecklist,
  'file-text': IconFileText,
  'folder-tree': IconFolders,
  'list-check': IconListCheck,
  message: IconMessage,
  package: IconPackage,
  paperclip: IconPaperclip,
  phone: IconPhone,
  'receipt-tax': IconReceiptTax,
  'shopping-cart': IconShoppingCart,
  tag: IconTag,
  user: IconUser,
  'user-check': IconUserCheck,
  users: IconUsers,
};

export function CatalogIcon({ name, ...rest }: { name: string } & IconProps) {
  const Icon = ICONS[name] ?? IconFolder;
  return <Icon {...rest} />;
}
