import {
  IconBell,
  IconBolt,
  IconMail,
  IconMailOff,
  IconNote,
  IconPencil,
  IconRoute,
  IconTag,
  IconTagOff,
  IconTrash,
  type Icon,
} from '@tabler/icons-react';

const icons: Record<string, Icon> = {
  tag: IconTag,
  tag_off: IconTagOff,
  mail: IconMail,
  mail_off: IconMailOff,
  pencil: IconPencil,
  note: IconNote,
  bell: IconBell,
  route: IconRoute,
  trash: IconTrash,
};

/** Icons of the catalogue by name; an unknown one is a bolt. */
export const bulkIcon = (name: string): Icon => icons[name] ?? IconBolt;
