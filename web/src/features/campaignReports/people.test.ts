import { expect, test } from 'vitest';
import { conditionsOf } from './people';

test('those who did not open are those who got it and opened none of its variants', () => {
  expect(conditionsOf('not_opened', [4, 5])).toEqual({
    all: [
      {
        any: [
          { activity: 'email.sent', message: 4 },
          { activity: 'email.sent', message: 5 },
        ],
      },
      { activity: 'email.opened', message: 4, never: true },
      { activity: 'email.opened', message: 5, never: true },
    ],
  });
});

test('a link narrows down those who clicked, and nobody else', () => {
  expect(conditionsOf('clicked', [4], 'https://a.example/')).toEqual({
    any: [{ activity: 'email.clicked', message: 4, url: 'https://a.example/' }],
  });
  expect(conditionsOf('opened', [4], 'https://a.example/')).toEqual({
    any: [{ activity: 'email.opened', message: 4 }],
  });
});
