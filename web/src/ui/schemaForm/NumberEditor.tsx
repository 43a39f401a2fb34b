import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { fieldProps } from './fieldProps';
import type { EditorProps } from './types';

/** Keeps what is typed while it is no whole number yet ("1."), and hands out numbers or null only. */
export function NumberEditor({ decimals, suffix, ...p }: EditorProps & { decimals: boolean; suffix?: string }) {
  const value = typeof p.value === 'number' ? p.value : null;
  const [typed, setTyped] = useState<{ text: number | string; is: number | null }>({ text: value ?? '', is: value });
  return (
    <NumberInput
      {...fieldProps(p)}
      allowDecimal={decimals}
      {...(suffix ? { suffix } : {})}
      {...(typeof p.option.min === 'number' ? { min: p.option.min } : {})}
      {...(typeof p.option.max === 'number' ? { max: p.option.max } : {})}
      value={typed.is === value ? typed.text : (value ?? '')}
      onChange={(text) => {
        const is = text === '' || Number.isNaN(Number(text)) ? null : Number(text);
        setTyped({ text, is });
        p.onChange(is);
      }}
    />
  );
}
