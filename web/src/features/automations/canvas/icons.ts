import {
  IconArrowsSplit,
  IconArrowRight,
  IconBell,
  IconBolt,
  IconCalendar,
  IconClock,
  IconCode,
  IconCurrencyDollar,
  IconHourglass,
  IconListCheck,
  IconMail,
  IconMath,
  IconMessage,
  IconNote,
  IconPencil,
  IconPlayerPlay,
  IconPlayerStop,
  IconRss,
  IconStar,
  IconTag,
  IconTrash,
  IconTrophy,
  IconUser,
  IconUsers,
  IconWebhook,
  type Icon,
} from '@tabler/icons-react';
import type { StepDescription } from '../model/catalogue';

/** Names the catalogue uses. */
const byName: Record<string, Icon> = {
  split: IconArrowsSplit,
  'arrow-right': IconArrowRight,
  bell: IconBell,
  bolt: IconBolt,
  calendar: IconCalendar,
  play: IconPlayerPlay,
  trash: IconTrash,
  rss: IconRss,
  clock: IconClock,
  hourglass: IconHourglass,
  code: IconCode,
  dollar: IconCurrencyDollar,
  list: IconListCheck,
  mail: IconMail,
  math: IconMath,
  message: IconMessage,
  note: IconNote,
  pencil: IconPencil,
  stop: IconPlayerStop,
  star: IconStar,
  tag: IconTag,
  trophy: IconTrophy,
  user: IconUser,
  users: IconUsers,
  webhook: IconWebhook,
};

export const iconOf = (description: Pick<StepDescription, 'icon'> | undefined): Icon =>
  byName[description?.icon ?? ''] ?? IconBolt;

/** Name of the tint in canvas.module.css; by shape, actions by their first word. */
export function tintOf(description: StepDescription | undefined): string {
  if (description === undefined) return 'gray';
  if (description.shape !== 'action') return shapes[description.shape] ?? 'gray';
  return areas[description.key.split('.')[0] ?? ''] ?? 'indigo';
}

const shapes: Record<string, string> = { wait: 'gray', condition: 'orange', goal: 'grape', goto: 'gray', end: 'gray' };
const areas: Record<string, string> = {
  email: 'blue',
  sms: 'cyan',
  whatsapp: 'cyan',
  user: 'cyan',
  deal: 'green',
  task: 'green',
  account: 'green',
  webhook: 'pink',
};
