import { problemText } from '@/ui/problemText';
import { Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SaveState } from '../saving/useAutosave';

/** "Saved", "Saving", or why not. */
export function SaveText({ state, error }: { state: SaveState; error: unknown }) {
  const { t } = useTranslation('emailEditor');
  const words = t(`save.${state}`);
  return state === 'failed' || state === 'conflict' ? (
    <Tooltip label={problemText(error).text} multiline maw={320}>
      <Text size="sm" c="var(--mantine-color-error)" role="alert" tabIndex={0}>
        {words}
      </Text>
    </Tooltip>
  ) : (
    <Text size="sm" c="dimmed" role="status">
      {words}
    </Text>
  );
}
