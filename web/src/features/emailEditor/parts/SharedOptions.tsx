import { AppLink } from '@/ui/AppLink';
import { Alert, Anchor, Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconShare3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { findBlock, updateBlock, updateSection } from '../document/operations';
import { useEditor } from '../document/store';
import { sharedPart, sharedSection, useParts } from './parts';

/** Of a name in the mail: whose content stands there, and the ways to change it everywhere or only here. */
export function SharedOptions({ id, part }: { id: string; part: unknown }) {
  const { t } = useTranslation('emailEditor');
  const parts = useParts();
  const edit = useEditor((s) => s.edit);
  const source = sharedPart(parts.data?.parts, part);
  if (!parts.data) return <Skeleton height={120} />;
  if (!source) return <Alert color="red">{t('shared.gone')}</Alert>;
  const section = sharedSection(parts.data.parts, source.id);
  const detach = () =>
    edit((d) => {
      if (!section) return d;
      const own = findBlock(d, id)?.block;
      const block = section.columns[0]?.blocks[0];
      return own && block
        ? updateBlock(d, id, { ...block, id, space_below: own.space_below })
        : updateSection(d, id, { ...section, id, shared: null });
    });
  return (
    <Stack gap="md">
      <Alert color="indigo" icon={<IconShare3 size={18} aria-hidden />} title={source.name}>
        <Text size="sm">{t('shared.text', { count: source.used_in })}</Text>
      </Alert>
      <Button component={AppLink} to="/blocks/$id" params={{ id: String(source.id) } as never}>
        {t('shared.edit')}
      </Button>
      <Button variant="default" onClick={detach}>
        {t('shared.detach')}
      </Button>
      <Anchor component={AppLink} to="/blocks" size="sm">
        {t('saved.all')}
      </Anchor>
    </Stack>
  );
}
