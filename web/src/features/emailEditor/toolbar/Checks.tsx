import { problemText } from '@/ui/problemText';
import { Button, Group, Popover, ScrollArea, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconWorldSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { atPath } from '../document/operations';
import { useEditor } from '../document/store';
import type { PreviewQuery } from '../preview/usePreview';
import classes from './checks.module.css';
import { FindingRow, type Finding } from './FindingRow';
import { SpamResult } from './SpamResult';
import { useChecks } from './useChecks';

const rank = { error: 0, warning: 1, note: 2 } as const;

/** What had better be changed; each finding jumps to its block. Links, images and spam rules are asked for, for they take their time. */
export function Checks({ query }: { query: PreviewQuery }) {
  const { t } = useTranslation('emailEditor');
  const [opened, setOpened] = useState(false);
  const { quick, slow, look } = useChecks();
  const design = useEditor((s) => s.content.design);
  const select = useEditor((s) => s.select);
  const sorted = (found: readonly Finding[]) => [...found].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const found = sorted(quick.data?.checks.flatMap((c) => c.findings) ?? []);
  const refused: Finding[] =
    (quick.error ?? (query.error && found.length === 0))
      ? [{ code: 'refused', severity: 'error', path: '', message: problemText(quick.error ?? query.error).text }]
      : [];
  const all = [...refused, ...found];
  const slowFound = sorted(slow.data?.checks.flatMap((c) => c.findings) ?? []);
  const pressing = [...all, ...slowFound].filter((f) => f.severity !== 'note').length;
  const jump = (path: string) => {
    const id = atPath(design, path);
    setOpened(false);
    if (id === null) {
      document.getElementById('mail-subject')?.focus();
      return;
    }
    select(id);
    const target = document.getElementById(`block-${id}`) ?? document.getElementById(`section-${id}`);
    target?.scrollIntoView({ block: 'center' });
    target?.focus();
  };
  const canJump = (path: string) => /^\/(subject|preheader|sections)/.test(path);
  return (
    <Popover
      width={380}
      position="bottom-end"
      withinPortal
      trapFocus
      opened={opened}
      onChange={setOpened}
      returnFocus={false}
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          onClick={() => setOpened((o) => !o)}
          leftSection={
            pressing > 0 ? (
              <IconAlertTriangle size={16} color="var(--mantine-color-orange-7)" aria-hidden />
            ) : (
              <IconCircleCheck size={16} color="var(--rise)" aria-hidden />
            )
          }
        >
          {t('checks.count', { count: pressing })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('checks.count_zero')}>
        <ScrollArea.Autosize mah="min(560px, calc(100dvh - 120px))" type="auto">
          <div className={classes.panel}>
            {all.length === 0 ? (
              <Group gap="xs" p={10}>
                <IconCircleCheck size={18} color="var(--rise)" aria-hidden />
                <Text size="sm">{t('checks.none')}</Text>
              </Group>
            ) : (
              all.map((f, i) => <FindingRow key={i} finding={f} onJump={canJump(f.path) ? jump : null} />)
            )}
            {quick.data && quick.data.sample > 0 ? (
              <Text size="xs" c="dimmed" px={10} py={4}>
                {t('checks.sample', { count: quick.data.sample })}
              </Text>
            ) : null}
          </div>
          <div className={classes.slow}>
            {slow.data ? (
              <>
                <h3 className={classes.group}>{t('checks.links')}</h3>
                {slowFound.length === 0 ? (
                  <Text size="sm" px={10} py={6}>
                    {t('checks.links_fine')}
                  </Text>
                ) : (
                  slowFound.map((f, i) => <FindingRow key={i} finding={f} onJump={canJump(f.path) ? jump : null} />)
                )}
                <h3 className={classes.group}>{t('checks.spam')}</h3>
                <SpamResult spam={slow.data.spam} />
              </>
            ) : null}
            {slow.error ? (
              <Text size="sm" c="red" px={10} py={6} role="alert">
                {problemText(slow.error).text}
              </Text>
            ) : null}
            <Button
              fullWidth
              variant="light"
              size="xs"
              loading={slow.isPending}
              leftSection={<IconWorldSearch size={16} aria-hidden />}
              onClick={look}
            >
              {t(slow.data ? 'checks.look_again' : 'checks.look')}
            </Button>
          </div>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
