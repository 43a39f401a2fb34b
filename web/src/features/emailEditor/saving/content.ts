import type { components } from '@/api/schema';
import { readDesign, writeDesign } from '../document/read';
import type { MailContent } from '../document/store';

export type MessageInput = components['schemas']['MessagesMessageInput'];

/** The parts of a stored mail, wherever it is stored. */
type Stored = {
  name: string;
  subject?: string | null;
  preheader?: string | null;
  from_name?: string | null;
  from_address?: string | null;
  reply_to?: string | null;
  design?: unknown;
  html?: string | null;
  text?: string | null;
};

/** The design's own preheader moves into the mail's, or readers would see it twice. */
export function readContent(stored: Stored): MailContent {
  const design = readDesign(stored.design);
  const html = stored.html ?? '';
  const hasDesign = typeof stored.design === 'object' && stored.design !== null;
  return {
    name: stored.name,
    subject: stored.subject ?? '',
    preheader: stored.preheader || design.settings.preheader,
    from_name: stored.from_name ?? '',
    from_address: stored.from_address ?? '',
    reply_to: stored.reply_to ?? '',
    mode: !hasDesign && html !== '' ? 'html' : 'design',
    design: { ...design, settings: { ...design.settings, preheader: '' } },
    html,
    text: stored.text ?? '',
  };
}

/** A mail of its own with all it was saved with: what the editor does not show stays as it is. */
export const messageInput = (
  content: MailContent,
  {
    kind,
    track_opens,
    track_clicks,
    track_replies,
  }: Required<Pick<MessageInput, 'kind' | 'track_opens' | 'track_clicks' | 'track_replies'>>,
): MessageInput => ({
  ...toInput(content),
  kind,
  track_opens,
  track_clicks,
  track_replies: content.track_replies ?? track_replies,
});

/** What is sent: a design without blocks is none. */
export const designOf = (content: MailContent): unknown =>
  content.mode === 'design' && content.design.sections.length > 0 ? writeDesign(content.design) : null;

export const htmlOf = (content: MailContent): string => (content.mode === 'html' ? content.html : '');

export const toInput = ({ name, subject, preheader, from_name, from_address, reply_to, text, ...rest }: MailContent) =>
  ({
    name,
    subject,
    preheader,
    from_name,
    from_address,
    reply_to,
    text,
    design: designOf({ name, subject, preheader, from_name, from_address, reply_to, text, ...rest }),
    html: htmlOf({ name, subject, preheader, from_name, from_address, reply_to, text, ...rest }),
  }) as MessageInput;
