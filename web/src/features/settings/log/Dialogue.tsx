import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './dialogue.module.css';

const who: Record<string, string> = { '>': 'us', '<': 'them', '*': 'note' };

/** The conversation with the mail server: what we said at the left, its answers set in, the milliseconds in front. */
export function Dialogue({ text }: { text: string }) {
  const { t } = useTranslation('settings');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => /^(\d+) ([<>*]) (.*)$/s.exec(line));
  return (
    <details className={classes.dialogue}>
      <Text component="summary" size="sm">
        {t('log.dialogue')}
      </Text>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls, and what scrolls must be reachable by keys. */}
      <ol className={classes.lines} tabIndex={0} aria-label={t('log.dialogue')}>
        {lines.map((parts, i) =>
          parts === null ? null : (
            <li key={i} data-who={who[parts[2] ?? '*']}>
              <span className={classes.time}>{parts[1]}</span>
              <span className={classes.said}>
                <span className={classes.sign}>{t(`log.speaker.${who[parts[2] ?? '*'] ?? 'note'}`)}</span> {parts[3]}
              </span>
            </li>
          ),
        )}
      </ol>
      <Text size="xs" c="dimmed">
        {t('log.dialogue_help')}
      </Text>
    </details>
  );
}
