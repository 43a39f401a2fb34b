import {
  IconBolt,
  IconMail,
  IconMailOff,
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
  route: IconRoute,
  trash: IconTrash,
};

/** Icons of the catalogue by name; an unknown one is a bolt. */
export const bulkIcon = (name: string): Icon => icons[name] ?? IconBolt;
