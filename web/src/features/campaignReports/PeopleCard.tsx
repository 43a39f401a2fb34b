import { client } from '@/api/client';
import type { ReportCounting } from '@/api/reports';
import { useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { formatNumber } from '@/ui/format';
import { When } from '@/ui/When';
import { Anchor, Badge, Button, Card, Group, Select, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconChartPie, IconDownload } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { conditionsOf, peopleOf, type PeopleOf } from './people';

type Props = {
  id: number;
  counting: ReportCounting;
  /** Of the variants, for the segment. */
  messages: readonly number[];
  of: PeopleOf;
  link: string | undefined;
  onChange: (next: { of: PeopleOf; link?: string }) => void;
};

/** What an activity told, in one line. */
const told = (detail: unknown) =>
  typeof detail === 'object' && detail !== null
    ? Object.entries(detail)
        .filter(([, value]) => typeof value === 'string' && value !== '')
        .map(([, value]) => String(value).replaceAll('_', ' '))
        .join(', ')
    : '';

/** The people behind a number, a page at a time. */
export function PeopleCard({ id, counting, messages, of, link, onChange }: Props) {
  const { t } = useTranslation('campaignReports');
  const session = useSession();
  const query = { of, ...counting, ...(of === 'clicked' && link ? { link } : {}) };
  const pages = useInfiniteQuery({
    queryKey: ['campaigns', id, 'people', query],
    queryFn: async ({ pageParam }) => {
      const { data } = await client.GET('/api/app/campaigns/{id}/people', {
        params: { path: { id }, query: { ...query, ...(pageParam === null ? {} : { before: pageParam }) } },
      });
      if (data === undefined) throw new Error('No answer.');
      return data;
    },
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const rows = pages.data?.pages.flatMap((p) => p.people) ?? [];
  const tree = conditionsOf(of, messages, link);
  const file = `/api/app/campaigns/${id}/people.csv?${new URLSearchParams({
    of,
    privacy: String(counting.privacy),
    machines: counting.machines,
    ...(of === 'clicked' && link ? { link } : {}),
  })}`;
  return (
    <Card withBorder radius="md" padding="lg">
      <Stack gap="md">
        <Group justify="space-between" align="flex-end" gap="sm">
          <Select
            size="sm"
            w={220}
            label={t('people.of')}
            allowDeselect={false}
            value={of}
            onChange={(value) => onChange({ of: peopleOf.find((x) => x === value) ?? 'opened' })}
            data={peopleOf.map((value) => ({ value, label: t(`people.${value}`) }))}
          />
          <Group gap="sm">
            {tree ? (
              <Button
                component={AppLink}
                to="/segments/$segmentId"
                params={{ segmentId: 'new' } as never}
                search={{ conditions: tree } as never}
                size="compact-sm"
                variant="default"
                leftSection={<IconChartPie size={14} aria-hidden />}
              >
                {t('people.segment')}
              </Button>
            ) : null}
            {session.permissions.includes('export_contacts') ? (
              <Button
                component="a"
                href={file}
                download
                size="compact-sm"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden />}
              >
                {t('people.file')}
              </Button>
            ) : null}
          </Group>
        </Group>
        {of === 'clicked' && link ? (
          <Group gap="xs">
            <Badge variant="light" tt="none" maw="100%">
              {t('people.link', { link })}
            </Badge>
            <Anchor component="button" type="button" size="xs" onClick={() => onChange({ of })}>
              {t('people.link_clear')}
            </Anchor>
          </Group>
        ) : null}
        {pages.error ? (
          <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : !pages.data ? (
          <Skeleton height={220} radius="md" />
        ) : rows.length === 0 ? (
          <Text size="sm" c="dimmed" py="md">
            {t('people.none')}
          </Text>
        ) : (
          <Table.ScrollContainer minWidth={620} type="native" tabIndex={0}>
            <Table aria-label={t('people.list')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('people.contact')}</Table.Th>
                  {messages.length > 1 ? <Table.Th scope="col">{t('people.variant')}</Table.Th> : null}
                  <Table.Th scope="col">{t('people.first')}</Table.Th>
                  <Table.Th scope="col" ta="right">
                    {t('people.times')}
                  </Table.Th>
                  <Table.Th scope="col">{t('people.detail')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((p) => (
                  <Table.Tr key={p.send_id}>
                    <Table.Td>
                      <Anchor component={AppLink} to={`/contacts/${p.contact_id}`} size="sm">
                        {p.name || p.email}
                      </Anchor>
                      {p.name ? (
                        <Text size="xs" c="dimmed">
                          {p.email}
                        </Text>
                      ) : null}
                    </Table.Td>
                    {messages.length > 1 ? <Table.Td>{String.fromCharCode(64 + p.variant_no)}</Table.Td> : null}
                    <Table.Td>{p.at === null ? null : <When at={p.at} />}</Table.Td>
                    <Table.Td ta="right" className="tabular">
                      {formatNumber(p.times)}
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" c="dimmed">
                        {told(p.detail)}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        {pages.hasNextPage ? (
          <Group justify="center">
            <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {t('people.more')}
            </Button>
          </Group>
        ) : null}
      </Stack>
    </Card>
  );
}
