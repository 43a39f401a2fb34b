import { ErrorState } from '@/ui/ErrorState';
import { Box, Button, Group, Skeleton, Text } from '@mantine/core';
import { IconGitCompare } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ChangeRow } from '../compare/ChangeRow';
import classes from '../compare/compare.module.css';
import { joinNames } from '../compare/sides';
import { useVersion } from '../compare/useVersion';
import { compareDocuments, countChanges, type Difference } from '../model/diff';
import { countsText } from '../model/diffWords';
import { useBuilder, useBuilderState } from './context';
import { useSummary } from './useSummary';

type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;
type Props = { version: number; names: Names; onCompare: () => void };

/** As many changes as the dialog names; the canvas shows them all. */
const shown = 6;

/** What publishing would bring, in words. */
export function PublishChanges({ version, names, onCompare }: Props) {
  const { automationId, index } = useBuilder();
  const draft = useBuilderState((s) => s.document);
  const published = useVersion(automationId, version);
  const difference = useMemo(
    () => (published.data ? compareDocuments(published.data.document, draft, index.branchesOf) : null),
    [published.data, draft, index],
  );
  const all = useMemo(() => joinNames(published.data?.names, names), [published.data, names]);
  if (published.error) return <ErrorState error={published.error} onRetry={() => void published.refetch()} />;
  if (difference === null) return <Skeleton height={56} />;
  return <Changes difference={difference} version={version} names={all} onCompare={onCompare} />;
}

function Changes({ difference, version, names, onCompare }: Props & { difference: Difference }) {
  const { t } = useTranslation('builder');
  const { index, conditions } = useBuilder();
  const summary = useSummary(difference.merged, index, conditions, names);
  const { changes } = difference;
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('compare.same_as', { number: version })}
      </Text>
    );
  return (
    <section aria-label={t('compare.since', { number: version })}>
      <Group justify="space-between" mb={8}>
        <Text size="sm">
          <strong>{t('compare.since', { number: version })}</strong> {countsText(countChanges(changes), t)}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconGitCompare size={14} aria-hidden />}
          onClick={onCompare}
        >
          {t('compare.on_canvas')}
        </Button>
      </Group>
      {/* Long lists of changes scroll here, so that the buttons stay in sight. */}
      <Box component="ul" className={classes.changes} data-short tabIndex={0}>
        {changes.slice(0, shown).map((change) => (
          <ChangeRow key={`${change.what} ${change.id}`} change={change} index={index} summary={summary} />
        ))}
      </Box>
      {changes.length > shown ? (
        <Text size="xs" c="dimmed" mt={6}>
          {t('compare.more', { count: changes.length - shown })}
        </Text>
      ) : null}
    </section>
  );
}
