import { describe, expect, it } from 'vitest';
import { ownId, searchTemplates, type Template } from './templates';

const one = (template: string, name: string, category: string, uses: string[] = []): Template => ({
  template,
  name,
  category,
  description: `About ${name}`,
  uses,
  subject: 'A subject',
  preview_url: `/template-previews/1/${template}/x`,
  updated_at: null,
});
const all = [one('library/halloween', 'Halloween', 'holidays', ['october', 'party']), one('own/12', 'Ours', 'custom')];

describe('searching templates', () => {
  it('finds by every word, in any place', () => {
    expect(searchTemplates(all, 'party hallo', null).map((x) => x.name)).toEqual(['Halloween']);
    expect(searchTemplates(all, 'party ours', null)).toEqual([]);
    expect(searchTemplates(all, '', 'custom').map((x) => x.name)).toEqual(['Ours']);
  });

  it('knows which are the own ones', () => {
    expect(all.map(ownId)).toEqual([null, 12]);
  });
});
