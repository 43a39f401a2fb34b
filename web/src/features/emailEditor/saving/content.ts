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

type Body = Pick<MailContent, 'mode' | 'design' | 'html'>;

const hasBlocks = ({ design }: Body) => design.sections.length > 0;
const hasHtml = ({ html }: Body) => html.trim() !== '';

/** Neither blocks nor HTML: there is nothing to show, check or send yet. */
export const isEmpty = (content: Body): boolean => !hasBlocks(content) && !hasHtml(content);

/**
 * What the mail is made of. Only one of the two is stored, so turning to the other way of making it must not count before there is something in it:
 * a look at an empty HTML editor would be saved as the end of all blocks.
 */
const madeOf = (content: Body): MailContent['mode'] =>
  content.mode === 'html'
    ? hasHtml(content) || !hasBlocks(content)
      ? 'html'
      : 'design'
    : hasBlocks(content) || !hasHtml(content)
      ? 'design'
      : 'html';

/** What is sent: a design without blocks is none. */
export const designOf = (content: Body): unknown =>
  madeOf(content) === 'design' && hasBlocks(content) ? writeDesign(content.design) : null;

export const htmlOf = (content: Body): string => (madeOf(content) === 'html' ? content.html : '');

export const toInput = ({ name, subject, preheader, from_name, from_address, reply_to, text, ...body }: MailContent) =>
  ({
    name,
    subject,
    preheader,
    from_name,
    from_address,
    reply_to,
    text,
    design: designOf(body),
    html: htmlOf(body),
  }) as MessageInput;
