import { AppLink } from '@/ui/AppLink';
import { ActionIcon, Button, Group, Menu, SegmentedControl, TextInput, Title, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconDeviceDesktop,
  IconDeviceMobile,
  IconDots,
  IconEye,
  IconFileImport,
  IconHistory,
  IconTemplate,
} from '@tabler/icons-react';
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
  isPart?: boolean;
  onImport: () => void;
  onVersions?: () => void;
  onTemplate?: () => void;
};

export function TopBar({
  back,
  saving,
  checks,
  onPreview,
  messageId,
  named,
  isPart,
  onImport,
  onVersions,
  onTemplate,
}: Props) {
  const { t } = useTranslation('emailEditor');
  const name = useEditor((s) => s.content.name);
  const mode = useEditor((s) => s.content.mode);
  const change = useEditor((s) => s.change);
  const device = useEditor((s) => s.device);
  const setDevice = useEditor((s) => s.setDevice);
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
        {isPart ? t('parts.title') : messageId === undefined && !named ? t('step.title', { name }) : t('title')}
      </Title>
      {messageId === undefined && !named && !isPart ? null : (
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
        aria-label={t('device.label')}
        value={device}
        disabled={mode === 'html'}
        onChange={(next) => setDevice(next as 'desktop' | 'mobile')}
        data={[
          { value: 'desktop', label: <IconDeviceDesktop size={16} aria-label={t('device.desktop')} /> },
          { value: 'mobile', label: <IconDeviceMobile size={16} aria-label={t('device.mobile')} /> },
        ]}
      />
      {isPart ? null : (
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
      )}
      {isPart ? null : (
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('more')}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {onVersions ? (
              <Menu.Item leftSection={<IconHistory size={16} aria-hidden />} onClick={onVersions}>
                {t('versions.open')}
              </Menu.Item>
            ) : null}
            <Menu.Item leftSection={<IconFileImport size={16} aria-hidden />} onClick={onImport}>
              {t('import.open')}
            </Menu.Item>
            {onTemplate ? (
              <Menu.Item leftSection={<IconTemplate size={16} aria-hidden />} onClick={onTemplate}>
                {t('template.save')}
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      )}
      <Checks query={checks} />
      {isPart ? null : <SendTest />}
      <Button size="xs" leftSection={<IconEye size={16} aria-hidden />} onClick={onPreview}>
        {t('preview.open')}
      </Button>
    </header>
  );
}
