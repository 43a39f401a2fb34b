import { formatNumber } from '@/ui/format';
import { Loader, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { problemText } from '../problemText';
import classes from './conditions.module.css';
import type { usePreview } from './usePreview';

/** The exact count of a tree and the time it took; the last one stands, marked with `~`, while a new one is made. */
export function CountLine({ preview }: { preview: ReturnType<typeof usePreview> }) {
  const { t } = useTranslation('conditions');
  const { asking, data, fresh, error } = preview;
  const inRows = Object.keys(preview.errors).some((at) => at !== '');
  return (
    <div className={classes.count} role="status">
      <span className={classes.number} data-testid="segment-count">
        {data === undefined || !asking ? '–' : `${fresh ? '' : '~'}${formatNumber(data.count)}`}
      </span>
      <Text size="sm" {...(error ? { c: 'var(--mantine-color-error)' } : { c: 'dimmed' })}>
        {error
          ? inRows
            ? t('see_rows')
            : (preview.errors[''] ?? problemText(error).text)
          : !asking
            ? t('unfinished')
            : data !== undefined && fresh
              ? t('match', { count: data.count, ms: data.took_ms < 1 ? '<1' : formatNumber(data.took_ms) })
              : t('counting')}
      </Text>
      {asking && !fresh && !error ? <Loader size={14} aria-hidden /> : null}
    </div>
  );
}
