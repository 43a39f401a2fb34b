import type { LaidLine } from '../model/layout';
import type { PeriodNumbers } from './usePeriodNumbers';

/** Widths of lines, thin to thick, in pixels. */
export const widths = [1.5, 3, 5, 7.5, 10] as const;

/** How many went along a line: into the automation, on from a step, or down one of its branches. */
export function trafficOf(line: Pick<LaidLine, 'from' | 'branch'>, numbers: Pick<PeriodNumbers, 'entered' | 'steps'>) {
  if (line.from === null) return numbers.entered;
  const step = numbers.steps[line.from];
  if (step === undefined) return 0;
  return line.branch === null ? step.went : (step.results[line.branch] ?? 0);
}

/** Which of the widths: by the part of the most travelled way. Nobody is the thinnest. */
export const widthOf = (traffic: number, most: number) =>
  traffic === 0 || most === 0
    ? 0
    : Math.min(widths.length - 1, 1 + Math.floor((traffic / most) * (widths.length - 1.001)));
