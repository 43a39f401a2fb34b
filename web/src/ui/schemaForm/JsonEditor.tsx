import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProps } from './fieldProps';
import type { EditorProps } from './types';

const print = (value: unknown) => (value === undefined ? '' : JSON.stringify(value, null, 2));

/** Any value as JSON; hands out only what parses. Also stands in for a type this client does not know. */
export function JsonEditor(p: EditorProps) {
  const { t } = useTranslation('forms');
  const [text, setText] = useState(() => print(p.value));
  const [bad, setBad] = useState(false);
  const set = (next: string) => {
    setText(next);
    try {
      p.onChange(next.trim() === '' ? null : JSON.parse(next));
      setBad(false);
    } catch {
      setBad(true);
    }
  };
  const base = fieldProps(p);
  const note = p.option.type === 'json' ? undefined : t('unknown', { type: p.option.type });
  const description = [base.description, note].filter(Boolean).join(' ');
  return (
    <Textarea
      {...base}
      {...(description ? { description } : {})}
      {...(bad ? { error: t('bad_json') } : {})}
      autosize
      minRows={3}
      maxRows={20}
      spellCheck={false}
      ff="monospace"
      value={text}
      onChange={(e) => set(e.currentTarget.value)}
    />
  );
}
