import { problemKind, toProblem } from '@/api/problem';
import i18n from 'i18next';

/** What happened and what to do, in words. The server's own sentence wins where it sent one. */
export function problemText(error: unknown): { title: string; text: string } {
  const problem = toProblem(error);
  const kind = problemKind(error);
  const t = (key: string) => i18n.t(`problem.${kind}.${key}`, { ns: 'ui' });
  return { title: t('title'), text: problem.title || t('text') };
}
