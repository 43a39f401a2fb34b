import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { readSection } from '../document/read';
import { newBlock, newSection } from '../document/read';
import type { Block, Section } from '../document/types';

export type DesignPart = components['schemas']['PartsPartView'];

export const useParts = () => api.useQuery('get', '/api/app/design-parts', {}, { staleTime: 10_000 });

const contentOf = (part: DesignPart): Section => readSection(part.section as Record<string, unknown>);

/** What is put into a mail: its name when it is shared, a copy of it when it is not. */
export const partBlock = (part: DesignPart): Block =>
  part.is_shared
    ? newBlock('shared', { part: part.id })
    : (contentOf(part).columns[0]?.blocks[0] ?? newBlock('text', { html: '' }));

export const partSection = (part: DesignPart): Section =>
  part.is_shared ? { ...newSection(0), shared: part.id } : contentOf(part);

/** The content that a name in a mail stands for, as it is now. */
export const sharedSection = (parts: readonly DesignPart[] | undefined, id: number): Section | null => {
  const part = parts?.find((p) => p.id === id && p.is_shared);
  return part ? contentOf(part) : null;
};

export const sharedPart = (parts: readonly DesignPart[] | undefined, id: unknown): DesignPart | undefined =>
  parts?.find((p) => p.id === id && p.is_shared);
