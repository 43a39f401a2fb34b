import { findBlock, findSection } from './operations';
import { readBlock, readSection, writeBlock, writeSection } from './read';
import type { Block, Design, Section } from './types';

/** What is on the clipboard: text that also a chat or an editor can carry from one mail to another. */
export type Clip = { block: Block } | { section: Section };

const mark = 'millrace-mail';

export function writeClip(design: Design, id: string): string | null {
  const block = findBlock(design, id)?.block;
  const section = block ? null : findSection(design, id);
  if (!block && !section) return null;
  const part = block ? { block: writeBlock(block) } : { section: writeSection(section as Section) };
  return JSON.stringify({ type: mark, ...part }, null, 2);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null when the text is something else. Kinds and options are judged by the server, as ever. */
export function readClip(text: string): Clip | null {
  if (!text.includes(mark) || text.length > 500_000) return null;
  try {
    const clip: unknown = JSON.parse(text);
    if (!isObject(clip) || clip['type'] !== mark) return null;
    if (isObject(clip['block']) && typeof clip['block']['kind'] === 'string')
      return { block: readBlock(clip['block']) };
    const section = clip['section'];
    if (isObject(section) && Array.isArray(section['columns']) && section['columns'].length <= 4)
      return { section: readSection(section) };
    return null;
  } catch {
    return null;
  }
}
