/** What the server found in a document; errors forbid publishing. */
export type AutomationProblem = {
  severity: 'error' | 'warning';
  step_id?: string | null;
  path: string;
  code: string;
  message: string;
};

export const errorsIn = (problems: readonly AutomationProblem[]) =>
  problems.filter((p) => p.severity === 'error').length;

/** The worst severity per step or trigger. */
export function worstByStep(problems: readonly AutomationProblem[]): ReadonlyMap<string, 'error' | 'warning'> {
  // Every card asks, of the same answer.
  const known = worstKnown.get(problems);
  if (known) return known;
  const worst = new Map<string, 'error' | 'warning'>();
  for (const p of problems) if (p.step_id && worst.get(p.step_id) !== 'error') worst.set(p.step_id, p.severity);
  worstKnown.set(problems, worst);
  return worst;
}

const worstKnown = new WeakMap<readonly AutomationProblem[], ReadonlyMap<string, 'error' | 'warning'>>();

/** The messages of one step by the dotted path of its options, as forms show them. */
export function optionErrors(problems: readonly AutomationProblem[], stepId: string): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const p of problems) {
    if (p.step_id !== stepId) continue;
    // The pointer leads through the document; the step's own part begins behind its last list index.
    const parts = p.path.split('/').filter((x) => x !== '');
    const own = stepPart(parts).join('.');
    if (own !== '') errors[own] = errors[own] === undefined ? p.message : `${errors[own]} ${p.message}`;
  }
  return errors;
}

/** `/steps/0/yes/1/tag` leads through pairs of list and index; what is left is the option. */
function stepPart(parts: string[]): string[] {
  let at = 0;
  while (at + 1 < parts.length && /^\d+$/.test(parts[at + 1] ?? '') && parts.length > at + 2) at += 2;
  return parts.slice(at);
}
