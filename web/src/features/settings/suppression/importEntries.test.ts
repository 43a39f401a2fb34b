import { describe, expect, it } from 'vitest';
import { chunksOf, entriesOf } from './importEntries';

describe('entries of an exclusion list', () => {
  it('reads lines, blanks and the first column of a CSV file', () => {
    expect(entriesOf('\uFEFFa@b.example\r\n"c.example";"why"\n\n d@e.example  f.example \n@g.example,x')).toEqual([
      'a@b.example',
      'c.example',
      'd@e.example',
      'f.example',
      '@g.example',
    ]);
  });

  it('is sent in parts', () => expect(chunksOf([1, 2, 3], 2)).toEqual([[1, 2], [3]]));
});
