import { formatNumber } from '@/ui/format';
import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isOver } from '../importState';
import type { ImportView } from '../upload';
import { remaining } from './remaining';

export function ProgressBar({ view }: { view: ImportView }) {
  const { t } = useTranslation('imports');
  const share = view.state === 'finished' ? 1 : view.bytes === 0 ? 0 : view.bytes_done / view.bytes;
  const left = remaining(view);
  const rate = formatNumber(view.rows_per_second, { maximumFractionDigits: 0 });
  const color = view.state === 'failed' ? 'red' : view.state === 'finished' ? 'teal' : 'indigo';
  return (
    <div>
      <Progress.Root size={14} radius="xl">
        <Progress.Section
          value={100 * share}
          color={color}
          animated={view.state === 'running'}
          aria-label={t('progress.label')}
        />
      </Progress.Root>
      <Text size="sm" c="dimmed" mt="xs" className="tabular">
        {formatNumber(share, { style: 'percent', maximumFractionDigits: 0 })}
        {view.started_at ? ` · ${t('progress.rate', { rate })}` : ''}
        {left !== null && !isOver(view.state) ? ` · ${left}` : ''}
        {view.state === 'running' ? ` · ${t('progress.may_close')}` : ''}
      </Text>
    </div>
  );
}
