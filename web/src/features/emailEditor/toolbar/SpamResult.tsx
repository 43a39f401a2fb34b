import type { components } from '@/api/schema';
import { Badge, Group, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './checks.module.css';

type Verdict = components['schemas']['SpamVerdict'];

/** What SpamAssassin's rules say, and what to do about each that costs points. */
export function SpamResult({ spam }: { spam: Verdict }) {
  const { t } = useTranslation('emailEditor');
  if (spam.score === null || spam.score === undefined || !spam.threshold) {
    return (
      <Text size="sm" c="dimmed" px="xs" py={6}>
        {spam.message}
      </Text>
    );
  }
  const passed = spam.state === 'passed';
  const costly = spam.rules.filter((r) => r.points > 0);
  return (
    <div className={classes.spam}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {t('checks.spam_score', { score: spam.score.toFixed(1), threshold: spam.threshold.toFixed(1) })}
        </Text>
        <Badge color={passed ? 'teal' : 'red'} variant="light">
          {t(passed ? 'checks.spam_passed' : 'checks.spam_failed')}
        </Badge>
      </Group>
      <Progress
        mt={6}
        size="sm"
        aria-label={t('checks.spam')}
        color={passed ? 'teal' : 'red'}
        value={Math.min(100, Math.max(3, (spam.score / spam.threshold) * 100))}
      />
      {costly.length === 0 ? (
        <Text size="sm" c="dimmed" mt={8}>
          {t('checks.spam_clean')}
        </Text>
      ) : (
        <ul className={classes.rules}>
          {costly.map((r) => (
            <li key={r.rule}>
              <Group justify="space-between" wrap="nowrap" gap="xs" align="baseline">
                <Text size="sm">{r.hint ?? r.description}</Text>
                <Text size="xs" c="dimmed" className={classes.points}>
                  +{r.points.toFixed(1)}
                </Text>
              </Group>
              <Text size="xs" c="dimmed">
                {r.rule}
                {r.hint && r.description ? ` · ${r.description}` : ''}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
