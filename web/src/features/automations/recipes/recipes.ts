import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { completeDocument, type AutomationDocument } from '../model/document';

type Schemas = components['schemas'];
export type Recipe = Schemas['RecipeItem'];
export type Ask = Schemas['RecipeAskItem'];
export type RecipeDetail = Omit<Schemas['RecipeDetail'], 'document'> & { document: AutomationDocument };
export type StartRequest = Schemas['RecipeStartRequest'];

const sent = async <T>(request: Promise<{ data?: T }>): Promise<T> => (await request).data as T;

export const listRecipes = async (signal?: AbortSignal) =>
  (await sent(client.GET('/api/app/automations/recipes', signal ? { signal } : {}))).items;

export async function loadRecipe(key: string, signal?: AbortSignal): Promise<RecipeDetail> {
  const found = (await sent(
    client.GET('/api/app/automations/recipes/{key}', { params: { path: { key } }, ...(signal ? { signal } : {}) }),
  )) as RecipeDetail;
  return { ...found, document: completeDocument(found.document) };
}

export const startRecipe = (key: string, body: StartRequest) =>
  sent(client.POST('/api/app/automations/recipes/{key}/start', { params: { path: { key } }, body }));

/** Content of a mail the account has, to take the place of a recipe's. */
export async function loadMail(id: number) {
  const { subject, preheader, design, html, text } = await sent(
    client.GET('/api/app/messages/{id}', { params: { path: { id } } }),
  );
  return { subject, preheader, text, ...(design === null ? { html } : { design: design as unknown }) };
}

/** Those of the category whose words hold every word of the search. */
export function searchRecipes(recipes: readonly Recipe[], query: string, category: string | null): Recipe[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return recipes
    .filter((r) => category === null || r.category === category)
    .filter((r) => {
      const text = [r.name, r.summary, r.category, ...r.triggers, ...r.needs.map((n) => n.module)]
        .join(' ')
        .toLowerCase();
      return words.every((w) => text.includes(w));
    })
    .toSorted((a, b) => Number(a.needs.length > 0) - Number(b.needs.length > 0));
}
