import {
  IconAt,
  IconBrandSkype,
  IconBrandTelegram,
  IconBrandVk,
  IconBrandWhatsapp,
  IconMail,
  IconMessageCircle,
  IconPhone,
  IconWorld,
  type IconProps,
} from '@tabler/icons-react';

/** Kinds an administrator adds later get the general sign. */
const ICONS: Readonly<Record<string, typeof IconAt>> = {
  phone: IconPhone,
  email: IconMail,
  website: IconWorld,
  telegram: IconBrandTelegram,
  whatsapp: IconBrandWhatsapp,
  viber: IconMessageCircle,
  vk: IconBrandVk,
  skype: IconBrandSkype,
};

export function ChannelIcon({ kind, ...rest }: { kind: string } & IconProps) {
  const Icon = ICONS[kind] ?? IconAt;
  return <Icon {...rest} />;
}
