/** What was typed as a model: an object of JSON, nothing, or a mistake. */
export function readModel(text: string): { value: Record<string, unknown> | null; problem: string | null } {
  if (text.trim() === '') return { value: null, problem: null };
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { value: value as Record<string, unknown>, problem: null }
      : { value: null, problem: 'shape' };
  } catch {
    return { value: null, problem: 'syntax' };
  }
}
