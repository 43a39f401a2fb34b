import { expect, test } from 'vitest';
import { linksOf } from './linksOf';

test('links of a design and of HTML are found once, as written, and nothing but web links', () => {
  const design = {
    sections: [
      {
        columns: [
          {
            blocks: [
              { kind: 'button', options: { url: ' https://a.example/?x=%EMAIL%' } },
              {
                kind: 'text',
                options: { html: '<a href="https://b.example/?a=1&amp;b=2">b</a> <a href="mailto:x@y.z">m</a>' },
              },
              { kind: 'menu', options: { items: [{ label: 'A', url: 'https://a.example/?x=%EMAIL%' }] } },
              { kind: 'button', options: { url: '%FORWARD2FRIEND%' } },
            ],
          },
        ],
      },
    ],
  };
  expect(linksOf({ design, html: '<a href="https://unseen.example">' })).toEqual([
    'https://a.example/?x=%EMAIL%',
    'https://b.example/?a=1&b=2',
  ]);
  expect(linksOf({ design: null, html: "<a HREF='https://c.example/'>c</a>" })).toEqual(['https://c.example/']);
});
