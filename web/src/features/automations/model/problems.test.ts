import { expect, test } from 'vitest';
import { formOptions, withoutEmpty, type ServerOption } from './catalogue';
import { optionErrors, worstByStep, type AutomationProblem } from './problems';

const problem = (step_id: string, path: string, severity: 'error' | 'warning' = 'error'): AutomationProblem => ({
  severity,
  step_id,
  path,
  code: 'required',
  message: `wrong ${path}`,
});

test('a pointer through the document becomes the path of the option in its step', () => {
  const found = [
    problem('a', '/steps/2/yes/1/no/0/subject'),
    problem('a', '/steps/2/yes/1/no/0/from/address'),
    problem('b', '/steps/0/tag'),
  ];
  expect(Object.keys(optionErrors(found, 'a'))).toEqual(['subject', 'from.address']);
  expect(optionErrors([problem('t', '/triggers/0/where')], 't')).toEqual({ where: 'wrong /triggers/0/where' });
});

test('an error outweighs a warning, in any order', () => {
  const found = [problem('a', '/x', 'error'), problem('a', '/y', 'warning'), problem('b', '/z', 'warning')];
  expect(worstByStep(found)).toEqual(
    new Map([
      ['a', 'error'],
      ['b', 'warning'],
    ]),
  );
  expect(worstByStep(found.toReversed())).toEqual(
    new Map([
      ['b', 'warning'],
      ['a', 'error'],
    ]),
  );
});

test('options of the server become options of the forms', () => {
  const options: ServerOption[] = [
    { key: 'step', label: 'Step', type: 'step' },
    { key: 'text', label: 'Text', type: 'long_template' },
    { key: 'tags', label: 'Tags', type: 'reference', source: 'tag', many: true },
    { key: 'rows', label: 'Rows', type: 'many', options: [{ key: 'to', label: 'To', type: 'step' }] },
  ];
  const choices = [{ value: 'a', label: 'A' }];
  expect(formOptions(options, choices)).toMatchObject([
    { type: 'choice', choices },
    { type: 'template' },
    { type: 'reference', multiple: true },
    { type: 'group', options: [{ type: 'choice', choices }] },
  ]);
});

test('what was emptied is left out of a step', () =>
  expect(withoutEmpty({ id: '12', tag: 3, gone: null, never: undefined })).toEqual({ id: '12', tag: 3 }));
