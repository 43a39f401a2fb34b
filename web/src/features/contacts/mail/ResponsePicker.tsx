import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { Button, Popover, ScrollArea, Skeleton, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMessage2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Response = components['schemas']['SavedResponseResponseItem'];

/** A saved response takes the place of what stands in the mail. */
export function ResponsePicker({ onPick }: { onPick: (response: Response) => void }) {
  const { t } = useTranslation('personalMail');
  const [opened, setOpened] = useState(false);
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 200);
  const list = api.useQuery(
    'get',
    '/api/app/saved-responses',
    { params: { query: { search: asked, limit: 50 } } },
    { enabled: opened },
  );
  return (
    <Popover opened={opened} onChange={setOpened} width={340} position="top-start" trapFocus withArrow>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconMessage2 size={16} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {t('compose.responses')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          aria-label={t('responses.search')}
          placeholder={t('responses.search')}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
        <ScrollArea.Autosize mah={280} mt="sm">
          {list.isPending ? <Skeleton height={60} /> : null}
          {list.data?.responses.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t(search === '' ? 'responses.none_yet' : 'responses.no_match')}
            </Text>
          ) : null}
          <Stack gap={2}>
            {(list.data?.responses ?? []).map((response) => (
              <UnstyledButton
                key={response.id}
                p={6}
                onClick={() => {
                  onPick(response);
                  setOpened(false);
                }}
              >
                <Text size="sm" fw={500}>
                  {response.title}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={1}>
                  {response.category ? `${response.category} · ` : ''}
                  {response.subject}
                </Text>
              </UnstyledButton>
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
