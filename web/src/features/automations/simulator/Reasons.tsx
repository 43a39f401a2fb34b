import type { components } from '@/api/schema';
import { TaggedText } from '@/ui/TaggedText';
import { Text } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './simulator.module.css';

/** What conditions found: each with whether it held, and the value it saw. */
export function Reasons({ reasons }: { reasons: readonly components['schemas']['StepReason'][] }) {
  const { t } = useTranslation('simulator');
  if (reasons.length === 0) return null;
  return (
    <ul className={classes.reasons}>
      {reasons.map((reason, i) => {
        const Mark = reason.holds ? IconCheck : IconMinus;
        return (
          <li key={i} data-holds={reason.holds || undefined}>
            <Mark size={14} stroke={2.4} aria-label={t(reason.holds ? 'why.holds' : 'why.fails')} />
            <div>
              <Text size="xs" component="span" display="block">
                <TaggedText text={reason.words} />
              </Text>
              <Text size="xs" c="dimmed" component="span" display="block">
                {reason.found === null ? t('why.nothing') : t('why.found', { value: reason.found })}
              </Text>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
