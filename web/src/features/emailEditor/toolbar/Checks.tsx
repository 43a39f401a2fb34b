import { problemText } from '@/ui/problemText';
import { Button, Menu, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { atPath } from '../document/operations';
import { useEditor } from '../document/store';
import type { PreviewQuery } from '../preview/usePreview';

/** What the server would have changed; each jumps to its block. */
export function Checks({ query }: { query: PreviewQuery }) {
  const { t } = useTranslation('emailEditor');
  const design = useEditor((s) => s.content.design);
  const subject = useEditor((s) => s.content.subject);
  const select = useEditor((s) => s.select);
  const found = [
    ...(subject.trim() === '' ? [{ code: 'no_subject', path: '/subject', message: t('checks.no_subject') }] : []),
    ...(query.error
      ? [{ code: 'refused', path: '', message: problemText(query.error).text }]
      : (query.data?.warnings ?? [])),
  ];
  const jump = (path: string) => {
    const id = atPath(design, path);
    if (id === null) return path === '/subject' ? document.getElementById('mail-subject')?.focus() : undefined;
    select(id);
    const target = document.getElementById(`block-${id}`) ?? document.getElementById(`section-${id}`);
    target?.scrollIntoView({ block: 'center' });
    target?.focus();
  };
  return (
    <Menu width={340} position="bottom-end" withinPortal returnFocus={false}>
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={
            found.length > 0 ? (
              <IconAlertTriangle size={16} color="var(--mantine-color-orange-7)" aria-hidden />
            ) : (
              <IconCircleCheck size={16} color="var(--rise)" aria-hidden />
            )
          }
        >
          {t('checks.count', { count: found.length })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {found.length === 0 ? <Menu.Label>{t('checks.none')}</Menu.Label> : null}
        {found.map((warning, i) => (
          <Menu.Item
            key={i}
            leftSection={<IconAlertTriangle size={16} color="var(--mantine-color-orange-7)" aria-hidden />}
            onClick={() => jump(warning.path)}
          >
            <Text size="sm">{warning.message}</Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
