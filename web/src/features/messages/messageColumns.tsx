import type { GridColumn } from '@/ui/grid/types';
import { TaggedText } from '@/ui/TaggedText';
import { When } from '@/ui/When';
import { Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import type { Message } from './MessagesPage';

export const messageColumns = (
  t: TFunction<'messages'>,
  automations: ReadonlyMap<number, string>,
): GridColumn<Message>[] => [
  { id: 'name', header: t('name'), size: 260, cell: (m) => <TaggedText text={m.name} /> },
  {
    id: 'subject',
    header: t('subject'),
    size: 360,
    cell: (m) => (
      <>
        {m.subject ? <TaggedText text={m.subject} /> : t('no_subject')}
        {m.preheader ? (
          <Text span size="xs" c="dimmed">
            {' '}
            – <TaggedText text={m.preheader} />
          </Text>
        ) : null}
      </>
    ),
  },
  {
    id: 'where',
    header: t('where'),
    size: 240,
    cell: (m) =>
      m.automation_id === null
        ? t('own')
        : t('in_automation', { name: automations.get(m.automation_id) ?? `#${m.automation_id}` }),
  },
  { id: 'updated', header: t('updated'), size: 130, cell: (m) => <When at={m.updated_at} /> },
];
