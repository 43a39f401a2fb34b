import { Metric } from '@/ui/Metric';
import { SimpleGrid, Text } from '@mantine/core';
import { When } from '@/ui/When';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '../upload';

/** What became of the rows, in numbers that add up. */
export function ImportFigures({ view }: { view: ImportView }) {
  const { t } = useTranslation('imports');
  const figures = ['rows', 'created', 'updated', 'unchanged', 'rejected'] as const;
  return (
    <div>
      <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="md">
        {figures.map((key) => (
          <Metric key={key} label={t(`figures.${key}`)} value={view[key]} />
        ))}
      </SimpleGrid>
      <Text size="sm" c="dimmed" mt="md">
        {t('progress.created')} <When at={view.created_at} mode="full" />
        {view.finished_at ? (
          <>
            {' · '}
            {t('progress.finished')} <When at={view.finished_at} mode="full" />
          </>
        ) : null}
      </Text>
      {view.rejected > 0 ? (
        <Text size="sm" mt="xs">
          {t('progress.rejected_help')}
        </Text>
      ) : null}
    </div>
  );
}
