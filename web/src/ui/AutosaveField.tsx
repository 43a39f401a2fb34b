import { fieldErrors, toProblem } from '@/api/problem';
import { IconCheck } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemText } from './problemText';

type Control<T> = {
  value: T;
  onChange: (value: T) => void;
  onBlur: () => void;
  error?: string;
  rightSection?: ReactNode;
};

type Props<T> = {
  value: T;
  /** Rejects with the server's problem; its sentence stands below the field and what was typed stays. */
  save: (value: T) => Promise<unknown>;
  children: (control: Control<T>) => ReactNode;
};

/** One field that saves when it is left, with a quiet tick instead of a Save button. */
export function AutosaveField<T>({ value, save, children }: Props<T>) {
  const { t } = useTranslation('ui');
  const [draft, setDraft] = useState(value);
  const [stored, setStored] = useState(value);
  const [seen, setSeen] = useState(value);
  const [state, setState] = useState<'idle' | 'saving' | 'saved'>('idle');
  const [error, setError] = useState<string>();
  if (seen !== value) {
    setSeen(value);
    setStored(value);
    // While saving, a new value from outside is the answer to what was sent, be it another one (a conflict decided for the other side).
    if (draft === stored || state === 'saving') setDraft(value);
  }
  const onBlur = () => {
    if (draft === stored) return;
    setState('saving');
    setError(undefined);
    save(draft).then(
      () => {
        setStored((now) => (now === stored ? draft : now));
        setState('saved');
      },
      (problem: unknown) => {
        setState('idle');
        setError(Object.values(fieldErrors(problem))[0] ?? problemText(toProblem(problem)).text);
      },
    );
  };
  const tick =
    state === 'saved' ? <IconCheck size={16} color="var(--rise)" aria-label={t('saved')} role="status" /> : undefined;
  return children({
    value: draft,
    onBlur,
    onChange: (next) => {
      setDraft(next);
      setState('idle');
    },
    ...(error === undefined ? {} : { error }),
    ...(tick ? { rightSection: tick } : {}),
  });
}
