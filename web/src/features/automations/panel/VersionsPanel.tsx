import { ErrorState } from '@/ui/ErrorState';
import { toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconGitCompare, IconHistoryToggle } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listVersions, loadVersion, versionsPageSize } from '../api/automations';
import type { Version } from '../api/types';
import { useBuilder } from '../builder/context';
import type { Sides } from '../compare/sides';
import type { AutomationDocument } from '../model/document';
import { PanelFrame } from './PanelFrame';
import classes from './panel.module.css';

type Props = {
  current: number | null;
  onCompare: (sides: Sides) => void;
  onRestore: (number: number, document: AutomationDocument) => void;
};

/** Every published version: who, when and why; to look at what is different, and to take one back. */
export function VersionsPanel({ current, onCompare, onRestore }: Props) {
  const { t } = useTranslation('builder');
  const { automationId } = useBuilder();
  const versions = useInfiniteQuery({
    queryKey: ['automations', automationId, 'versions', current],
    queryFn: ({ pageParam }) => listVersions(automationId, pageParam ?? undefined),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < versionsPageSize ? undefined : page.at(-1)?.number),
  });
  const restore = useMutation({
    mutationFn: (number: number) => loadVersion(automationId, number),
    onSuccess: ({ document }, number) => onRestore(number, document),
    onError: toastProblem,
  });
  const all = versions.data?.pages.flat() ?? [];
  return (
    <PanelFrame title={t('versions.title')}>
      {versions.isPending ? <Skeleton height={80} /> : null}
      {versions.error ? <ErrorState error={versions.error} onRetry={() => void versions.refetch()} /> : null}
      {versions.data && all.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('versions.none')}
        </Text>
      ) : null}
      {current !== null && all.length > 0 ? (
        <Button
          fullWidth
          mb="md"
          variant="light"
          leftSection={<IconGitCompare size={16} aria-hidden />}
          onClick={() => onCompare({ from: current, to: 'draft' })}
        >
          {t('versions.compare_draft')}
        </Button>
      ) : null}
      <ul className={classes.list}>
        {all.map((v, at) => (
          <VersionRow
            key={v.number}
            version={v}
            before={all[at + 1]?.number ?? null}
            busy={restore.isPending && restore.variables === v.number}
            onCompare={onCompare}
            onRestore={() => restore.mutate(v.number)}
          />
        ))}
      </ul>
      {versions.hasNextPage ? (
        <Button
          mt="sm"
          fullWidth
          variant="default"
          loading={versions.isFetchingNextPage}
          onClick={() => void versions.fetchNextPage()}
        >
          {t('versions.more')}
        </Button>
      ) : null}
    </PanelFrame>
  );
}

type RowProps = {
  version: Version;
  before: number | null;
  busy: boolean;
  onCompare: (sides: Sides) => void;
  onRestore: () => void;
};

function VersionRow({ version: v, before, busy, onCompare, onRestore }: RowProps) {
  const { t } = useTranslation('builder');
  const number = v.number;
  return (
    <li className={classes.version}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={600}>
          {t('versions.number', { number })}
        </Text>
        {v.current ? (
          <Badge size="sm" color="teal">
            {t('versions.live')}
          </Badge>
        ) : null}
      </Group>
      <Text size="xs" c="dimmed" component="div">
        <When at={v.published_at} mode="full" />
        {v.publisher ? ` · ${v.publisher}` : ''}
      </Text>
      {v.note === '' ? null : (
        <Text size="sm" mt={4} style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {v.note}
        </Text>
      )}
      <Stack gap={6} mt={8}>
        <Group gap={6}>
          {before === null ? null : (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconGitCompare size={13} aria-hidden />}
              aria-label={t('versions.what_changed_in', { number })}
              onClick={() => onCompare({ from: before, to: number })}
            >
              {t('versions.what_changed')}
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconGitCompare size={13} aria-hidden />}
            aria-label={t('versions.against_draft_in', { number })}
            onClick={() => onCompare({ from: number, to: 'draft' })}
          >
            {t('versions.against_draft')}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconHistoryToggle size={13} aria-hidden />}
            aria-label={t('versions.restore_number', { number })}
            loading={busy}
            onClick={onRestore}
          >
            {t('versions.restore')}
          </Button>
        </Group>
      </Stack>
    </li>
  );
}
