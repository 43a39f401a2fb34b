import { expect, test } from 'vitest';
import { searchRecipes, type Recipe } from './recipes';

const recipe = (name: string, more: Partial<Recipe> = {}): Recipe => ({
  key: name,
  name,
  category: 'Welcome',
  summary: 'Says hello.',
  triggers: ['Tag is added'],
  steps: 3,
  mails: 1,
  needs: [],
  ...more,
});
const all = [
  recipe('Abandoned cart', { category: 'Shop', needs: [{ module: 'Shop', entries: ['cart.abandoned'] }] }),
  recipe('Welcome series'),
  recipe('Birthday', { category: 'Loyalty', triggers: ['Date comes round'] }),
];
const found = (query: string, category: string | null = null) => searchRecipes(all, query, category).map((r) => r.name);

test('what can be started comes first', () =>
  expect(found('')).toEqual(['Welcome series', 'Birthday', 'Abandoned cart']));
test('every word counts, wherever it stands', () => expect(found('date hello')).toEqual(['Birthday']));
test('a category keeps to itself', () => expect(found('', 'Shop')).toEqual(['Abandoned cart']));
test('a module that is needed is found too', () => expect(found('shop')).toEqual(['Abandoned cart']));
