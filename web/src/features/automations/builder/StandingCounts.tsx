import { formatNumber } from '@/ui/format';
import { List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Standing } from '../api/standing';
import { optionsText } from '../model/summary';
import { useBuilder, useBuilderState, useLive } from './context';

/** How many match each trigger already, and of which triggers that cannot be said. */
export function StandingCounts({ standing }: { standing: Standing }) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  const { summary } = useLive();
  const triggers = useBuilderState((s) => s.document.triggers);
  return (
    <List size="sm" spacing={2}>
      {standing.triggers.map(({ id, type, countable, matching, entering }) => {
        const description = index.trigger(type);
        const drawn = triggers.find((x) => x.id === id);
        const detail = description && drawn ? optionsText(description.options, drawn, summary) : '';
        return (
          <List.Item key={id}>
            <Text span fw={500} size="sm">
              {description?.title ?? type}
              {detail === '' ? '' : ` ${detail}`}
            </Text>
            {': '}
            {countable
              ? t('standing.count', {
                  count: matching,
                  number: formatNumber(matching),
                  entering: formatNumber(entering),
                })
              : t('standing.uncountable')}
          </List.Item>
        );
      })}
    </List>
  );
}
