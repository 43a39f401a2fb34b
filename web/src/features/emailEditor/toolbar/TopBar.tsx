import { AppLink } from '@/ui/AppLink';
import { ActionIcon, Button, Group, SegmentedControl, TextInput, Title, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconArrowLeft, IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DesignerProps } from '../Designer';
import classes from '../designer.module.css';
import { useEditor } from '../document/store';
import type { PreviewQuery } from '../preview/usePreview';
import type { useAutosave } from '../saving/useAutosave';
import { Checks } from './Checks';
import { SaveText } from './SaveText';
import { SendTest } from './SendTest';

type Props = {
  back: DesignerProps['back'];
  saving: ReturnType<typeof useAutosave>;
  checks: PreviewQuery;
  onPreview: () => void;
  messageId?: number;
  named?: boolean;
};

export function TopBar({ back, saving, checks, onPreview, messageId, named }: Props) {
  const { t } = useTranslation('emailEditor');
  const name = useEditor((s) => s.content.name);
  const mode = useEditor((s) => s.content.mode);
  const change = useEditor((s) => s.change);
  const undo = useEditor((s) => s.undo);
  const redo = useEditor((s) => s.redo);
  const canUndo = useEditor((s) => s.past.length > 0);
  const canRedo = useEditor((s) => s.future.length > 0);
  return (
    <header className={classes.top}>
      <title>{`${name} - ${t('title')} - Millrace`}</title>
      <Tooltip label={t(`back.${back.place}`)}>
        <ActionIcon
          component={AppLink}
          to={back.to}
          search={(back.search ?? {}) as never}
          variant="subtle"
          color="gray"
          size={32}
          aria-label={t(`back.${back.place}`)}
        >
          <IconArrowLeft size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Title order={1} className={classes.title} tabIndex={-1}>
        {messageId === undefined && !named ? t('step.title', { name }) : t('title')}
      </Title>
      {messageId === undefined && !named ? null : (
        <TextInput
          className={classes.name}
          variant="unstyled"
          aria-label={t('name')}
          value={name}
          maxLength={200}
          onChange={(e) => change({ name: e.currentTarget.value }, 'name')}
        />
      )}
      <SaveText state={saving.state} error={saving.error} />
      <span className={classes.spring} />
      <Group gap={2}>
        {(
          [
            ['undo', IconArrowBackUp, undo, canUndo],
            ['redo', IconArrowForwardUp, redo, canRedo],
          ] as const
        ).map(([key, Icon, run, can]) => (
          <Tooltip key={key} label={t(key)}>
            <ActionIcon variant="subtle" color="gray" size={32} aria-label={t(key)} disabled={!can} onClick={run}>
              <Icon size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        ))}
      </Group>
      <SegmentedControl
        size="xs"
        aria-label={t('mode.label')}
        value={mode}
        onChange={(next) => change({ mode: next as 'design' | 'html' })}
        data={[
          { value: 'design', label: t('mode.design') },
          { value: 'html', label: t('mode.html') },
        ]}
      />
      <Checks query={checks} />
      <SendTest />
      <Button size="xs" leftSection={<IconEye size={16} aria-hidden />} onClick={onPreview}>
        {t('preview.open')}
      </Button>
    </header>
  );
}
