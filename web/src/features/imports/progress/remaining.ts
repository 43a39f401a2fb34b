import i18n from 'i18next';
import type { ImportView } from '../upload';

/** "about 3 minutes left", from the bytes through since the start; null while nothing can be said. */
export function remaining(view: ImportView, now = Date.now()): string | null {
  if (view.started_at === null || view.bytes_done <= 0) return null;
  const seconds = ((now - new Date(view.started_at).getTime()) / 1000) * (view.bytes / view.bytes_done - 1);
  if (!Number.isFinite(seconds) || seconds < 0) return null;
  return seconds < 60
    ? i18n.t('progress.left_seconds', { ns: 'imports', count: Math.max(1, Math.ceil(seconds)) })
    : i18n.t('progress.left_minutes', { ns: 'imports', count: Math.ceil(seconds / 60) });
}
