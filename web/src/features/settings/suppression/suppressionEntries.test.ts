import { describe, expect, it } from 'vitest';
import { suppressionEntries } from './suppressionEntries';

describe('a list of another mail service', () => {
  it('is read by the names of its columns', () =>
    expect(
      suppressionEntries(
        '\uFEFFid,Reason,"Email Address"\r\n1,Hard Bounce,a@b.example\r\n2,"spam, said",c@d.example\r\n',
      ),
    ).toEqual([
      { address: 'a@b.example', reason: 'Hard Bounce' },
      { address: 'c@d.example', reason: 'spam, said' },
    ]));

  it('or has the address first and the reason second', () =>
    expect(suppressionEntries('a@b.example;unsubscribed\n\nc@d.example')).toEqual([
      { address: 'a@b.example', reason: 'unsubscribed' },
      { address: 'c@d.example', reason: null },
    ]));
});
