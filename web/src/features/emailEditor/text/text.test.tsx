import { Editor, getSchema } from '@tiptap/core';
import { expect, test } from 'vitest';
import { extensionsFor } from '@/ui/richText/extensions';
import { parsePlain, parseRich } from '@/ui/richText/parse';
import { bareTokens, readToken, splitTokens, writeToken } from '@/ui/tokens';

const titles = new Map([['FIRSTNAME', 'First name']]);

const rich = (html: string) => {
  const extensions = extensionsFor('rich', titles);
  const editor = new Editor({ extensions, injectCSS: false, content: parseRich(html, getSchema(extensions)) });
  return bareTokens(editor.getHTML());
};

test.each([
  '<p>Hi %FIRSTNAME|there%, <strong>welcome</strong></p>',
  '<p>Read <a href="https://acme.example/?a=1&amp;b=2">more</a> or <a href="%UNSUBSCRIBELINK%">leave</a></p>',
  '<p>100% sure, 50% off %TODAY+3D%</p>',
])('%s is the same after reading and writing', (html) => {
  expect(rich(html)).toBe(html);
});

test('what the editor does not know is left out', () => {
  expect(rich('<p>a<img src="x"><iframe src="y"></iframe></p><p onclick="z()">b</p>')).toBe('<p>a</p><p>b</p>');
});

test('a line keeps its tags and has no others', () => {
  const extensions = extensionsFor('line', titles);
  const editor = new Editor({ extensions, injectCSS: false, content: parsePlain('Hi %FIRSTNAME% <b>') });
  expect(editor.getText()).toBe('Hi %FIRSTNAME% <b>');
});

test('tokens are taken apart and put together, and a fallback cannot break out', () => {
  expect(readToken('%FIRSTNAME|TITLECASE|friend%')).toEqual({
    name: 'FIRSTNAME',
    modifier: 'TITLECASE',
    fallback: 'friend',
  });
  expect(writeToken({ name: 'FIRSTNAME', fallback: 'a%b|c<d' })).toBe('%FIRSTNAME|abcd%');
  expect(writeToken({ name: 'EMAIL', fallback: '' })).toBe('%EMAIL%');
  expect(splitTokens('50% of %EMAIL%').map((p) => p.isToken)).toEqual([false, true]);
});
