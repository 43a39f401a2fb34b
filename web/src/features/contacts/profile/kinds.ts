import {
  IconArrowBackUp,
  IconAlertTriangle,
  IconArrowBarRight,
  IconBolt,
  IconCheck,
  IconCircleDot,
  IconClick,
  IconFlag,
  IconMail,
  IconMailOff,
  IconMailOpened,
  IconNote,
  IconPencil,
  IconPlugConnected,
  IconSend,
  IconTag,
  IconTagOff,
  IconUserPlus,
  type Icon,
} from '@tabler/icons-react';

/** The filters of the stream and the kinds each lets through; `all` lets through what this page does not know too. */
export const families = {
  all: [],
  messages: [
    'email.sent',
    'email.opened',
    'email.clicked',
    'email.bounced',
    'email.unsubscribed',
    'email.replied',
    'email.forwarded',
    'email.shared',
    'email.complained',
  ],
  automations: ['automation.entered', 'automation.completed', 'automation.ended', 'goal.reached', 'goal.skipped'],
  web: ['event.recorded'],
  changes: [
    'contact.created',
    'field.changed',
    'tag.added',
    'tag.removed',
    'tag.merged',
    'list.subscribed',
    'list.unsubscribed',
    'list.bounced',
  ],
  notes: ['note.added'],
} as const satisfies Record<string, readonly string[]>;

export type Family = keyof typeof families;

export type Look = { icon: Icon; tone?: 'good' | 'bad' | 'accent' | 'goal' | 'note' };

const looks: Record<string, Look> = {
  'contact.created': { icon: IconUserPlus, tone: 'accent' },
  'field.changed': { icon: IconPencil },
  'tag.added': { icon: IconTag },
  'tag.removed': { icon: IconTagOff },
  'tag.merged': { icon: IconTag },
  'list.subscribed': { icon: IconMail, tone: 'good' },
  'list.unsubscribed': { icon: IconMailOff },
  'list.bounced': { icon: IconAlertTriangle, tone: 'bad' },
  'note.added': { icon: IconNote, tone: 'note' },
  'email.sent': { icon: IconSend, tone: 'accent' },
  'email.opened': { icon: IconMailOpened, tone: 'good' },
  'email.clicked': { icon: IconClick, tone: 'good' },
  'email.bounced': { icon: IconAlertTriangle, tone: 'bad' },
  'email.unsubscribed': { icon: IconMailOff },
  'email.replied': { icon: IconArrowBackUp, tone: 'good' },
  'email.complained': { icon: IconAlertTriangle, tone: 'bad' },
  'event.recorded': { icon: IconPlugConnected, tone: 'accent' },
  'automation.entered': { icon: IconBolt, tone: 'accent' },
  'automation.completed': { icon: IconCheck, tone: 'good' },
  'automation.ended': { icon: IconArrowBarRight },
  'goal.reached': { icon: IconFlag, tone: 'goal' },
  'goal.skipped': { icon: IconFlag },
};

export const lookOf = (kind: string): Look => looks[kind] ?? { icon: IconCircleDot };
