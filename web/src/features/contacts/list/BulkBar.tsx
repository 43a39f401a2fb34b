import { usePageActions } from '@/ui/pageActions';
import { formatNumber } from '@/ui/format';
import { ActionIcon, Button, Menu, Text } from '@mantine/core';
import { IconDots, IconDownload, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBulkActions, type BulkAction, type ContactSelection } from '../bulk/bulk';
import { bulkIcon } from '../bulk/icons';
import classes from './list.module.css';

const BulkDialog = lazy(() => import('../bulk/BulkDialog').then((m) => ({ default: m.BulkDialog })));

type Props = {
  selection: Partial<ContactSelection>;
  count: number;
  /** "Select all 41,233 that match"; absent when all are chosen already. */
  more?: { label: string; busy: boolean; choose: () => void };
  onExport?: () => void;
  onClear: () => void;
};

/** Actions beyond these stand in a menu. */
const inBar = 4;

/** What can be done with the chosen contacts, from the server's catalogue; stands above the list while some are chosen. */
export function BulkBar({ selection, count, more, onExport, onClear }: Props) {
  const { t } = useTranslation(['contacts', 'ui']);
  const [doing, setDoing] = useState<BulkAction | null>(null);
  const actions = (useBulkActions().data?.items ?? []).filter((a) => a.allowed);
  usePageActions([
    ...actions.map((a) => ({
      id: `bulk.${a.key}`,
      label: a.title,
      icon: bulkIcon(a.icon),
      run: () => setDoing(a),
      ...(a.key === 'tag.add' ? { keys: 'l' } : {}),
    })),
    ...(more ? [{ id: 'bulk.everyone', label: more.label, run: more.choose }] : []),
  ]);
  const direct = actions.slice(0, inBar);
  const rest = actions.slice(inBar);
  return (
    <section className={classes.bar} aria-label={t('bulk.label')}>
      <Text size="sm" fw={600} className="tabular" role="status">
        {t('bulk.selected', { count, n: formatNumber(count) })}
      </Text>
      {more ? (
        <Button size="compact-sm" variant="light" loading={more.busy} onClick={more.choose}>
          {more.label}
        </Button>
      ) : null}
      <span className={classes.rule} />
      {direct.map((a) => {
        const Icon = bulkIcon(a.icon);
        return (
          <Button
            key={a.key}
            size="compact-md"
            variant="subtle"
            color="gray"
            c="inherit"
            fw={500}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => setDoing(a)}
          >
            {a.title}
          </Button>
        );
      })}
      <Menu position="top-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('bulk.more')}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map((a) => {
            const Icon = bulkIcon(a.icon);
            return (
              <Menu.Item
                key={a.key}
                {...(a.is_destructive ? { color: 'red' } : {})}
                leftSection={<Icon size={16} aria-hidden />}
                onClick={() => setDoing(a)}
              >
                {a.title}
              </Menu.Item>
            );
          })}
          {onExport ? (
            <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={onExport}>
              {t('export.button')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <span className={classes.rule} />
      <ActionIcon variant="subtle" color="gray" aria-label={t('bulk.clear')} onClick={onClear}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
      {doing === null ? null : (
        <Suspense fallback={null}>
          <BulkDialog
            action={doing}
            selection={selection}
            count={count}
            onClose={() => setDoing(null)}
            onDone={() => {
              setDoing(null);
              onClear();
            }}
          />
        </Suspense>
      )}
    </section>
  );
}
