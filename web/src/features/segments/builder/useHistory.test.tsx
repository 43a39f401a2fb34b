import { act, renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useHistory } from './useHistory';

test('undo takes back a word, redo brings it again, and a new change ends the future', () => {
  vi.useFakeTimers();
  const { result } = renderHook(() => useHistory(() => ''));
  const type = (text: string, kind = 'name') => act(() => result.current.change(() => text, kind));
  type('A');
  type('An');
  vi.advanceTimersByTime(2000);
  type('Ann');
  type('Ann!', 'other');
  act(() => result.current.undo());
  expect(result.current.now).toBe('Ann');
  act(() => result.current.undo());
  expect(result.current.now).toBe('An');
  act(() => result.current.undo());
  expect(result.current.now).toBe('');
  expect(result.current.canUndo).toBe(false);
  act(() => result.current.redo());
  expect(result.current.now).toBe('An');
  type('B');
  expect(result.current.canRedo).toBe(false);
  vi.useRealTimers();
});
