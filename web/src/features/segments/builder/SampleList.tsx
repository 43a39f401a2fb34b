import type { usePreview } from '@/ui/conditions/usePreview';
import { AppLink } from '@/ui/AppLink';
import { Anchor, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './segment.module.css';

/** Some of those who match, newest first. */
export function SampleList({ preview }: { preview: ReturnType<typeof usePreview> }) {
  const { t } = useTranslation('segments');
  const sample = preview.asking ? (preview.data?.sample ?? []) : [];
  if (sample.length === 0) return null;
  return (
    <>
      <Text size="xs" c="dimmed">
        {t('sample', { count: sample.length })}
      </Text>
      <ul className={classes.sample} data-stale={!preview.fresh || undefined}>
        {sample.map((c) => (
          <li key={c.id}>
            <Anchor component={AppLink} to={`/contacts/${c.id}`} size="sm" truncate>
              {c.name || c.email || `#${c.id}`}
            </Anchor>
            {c.name && c.email ? (
              <Text size="xs" c="dimmed" truncate>
                {c.email}
              </Text>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}
