import { AppLink } from '@/ui/AppLink';
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from './segments';

const pages: Readonly<Record<string, string>> = { segment: '/segments', automation: '/automations' };

/** The places a segment is used in, each with its link where it has a page. */
export function UsesList({ places }: { places: readonly Place[] }) {
  const { t } = useTranslation('segments');
  return (
    <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: 'none' }}>
      {places.map((p, index) => {
        const page = pages[p.kind];
        return (
          <Group key={`${p.kind}-${p.id}-${index}`} component="li" gap={8} wrap="wrap">
            <Badge color="gray">{t(`kind.${p.kind}`, { defaultValue: p.kind })}</Badge>
            {page ? (
              <Anchor component={AppLink} to={`${page}/${p.id}`} size="sm">
                {p.name}
              </Anchor>
            ) : (
              <Text size="sm">{p.name}</Text>
            )}
            {p.detail ? (
              <Text size="xs" c="dimmed">
                {p.detail}
              </Text>
            ) : null}
            {p.live && p.kind !== 'segment' ? <Badge color="teal">{t('uses.live')}</Badge> : null}
          </Group>
        );
      })}
    </Stack>
  );
}
