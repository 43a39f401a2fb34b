import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { useInfiniteQuery } from '@tanstack/react-query';

export type Template = components['schemas']['TemplatesTemplateItem'];
export type TemplateBody = components['schemas']['TemplatesTemplateBody'];

export const custom = 'custom';
export const pastCampaigns = 'past_campaigns';
export const templatesKey = ['get', '/api/app/templates'];
export const pastKey = ['get', '/api/app/templates/past-campaigns'];

export const useTemplates = () => api.useQuery('get', '/api/app/templates', {}, { staleTime: 30_000 });

export const usePastCampaigns = (enabled: boolean) =>
  useInfiniteQuery({
    queryKey: pastKey,
    enabled,
    queryFn: async ({ pageParam, signal }) => {
      const query = pageParam ? { before: pageParam } : {};
      const { data } = await client.GET('/api/app/templates/past-campaigns', { params: { query }, signal });
      return data ?? { templates: [], next: null };
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** What the template consists of. */
export async function contentOf(template: string): Promise<TemplateBody> {
  const { data } = await client.GET('/api/app/templates/content', { params: { query: { template } } });
  if (data === undefined) throw new Error('The template could not be loaded.');
  return data;
}

/** Id of an own template; null for all others. */
export const ownId = (template: Pick<Template, 'template'>): number | null =>
  template.template.startsWith('own/') ? Number(template.template.slice(4)) : null;

/** Every word must be found somewhere: in the name, the description, the uses or the subject. */
export function searchTemplates(all: readonly Template[], query: string, category: string | null): Template[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((x) => {
    if (category !== null && x.category !== category) return false;
    const text = [x.name, x.description, x.subject, x.category, ...x.uses].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
