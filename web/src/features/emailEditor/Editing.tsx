import { usePageActions } from '@/ui/pageActions';
import { Tabs } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconDeviceFloppy, IconEye } from '@tabler/icons-react';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Canvas } from './canvas/Canvas';
import type { DesignerProps } from './Designer';
import classes from './designer.module.css';
import { useEditor, useEditorStore } from './document/store';
import { Envelope } from './Envelope';
import { BlocksPanel } from './panels/BlocksPanel';
import { Inspector } from './panels/Inspector';
import { StarterList } from './panels/StarterList';
import { PreviewDialog } from './preview/PreviewDialog';
import { usePreview } from './preview/usePreview';
import { ConflictDialog } from './saving/ConflictDialog';
import { useAutosave } from './saving/useAutosave';
import { TopBar } from './toolbar/TopBar';

const CodeMirrorHtml = lazy(() => import('./CodeMirrorHtml'));

export function Editing({ save, loadTheirs, back, named, messageId }: DesignerProps) {
  const { t } = useTranslation('emailEditor');
  const store = useEditorStore();
  const mode = useEditor((s) => s.content.mode);
  const saving = useAutosave(store, save);
  const checks = usePreview(null);
  const [previewing, preview] = useDisclosure(false);
  usePageActions([
    { id: 'mail.undo', label: t('undo'), icon: IconArrowBackUp, keys: 'mod+z', run: store.getState().undo },
    { id: 'mail.redo', label: t('redo'), icon: IconArrowForwardUp, keys: 'mod+shift+z', run: store.getState().redo },
    { id: 'mail.redo2', label: t('redo'), keys: 'mod+y', hidden: true, run: store.getState().redo },
    {
      id: 'mail.save',
      label: t('save_now'),
      icon: IconDeviceFloppy,
      keys: 'mod+s',
      run: () => void saving.flush().catch(() => {}),
    },
    { id: 'mail.preview', label: t('preview.open'), icon: IconEye, keys: 'mod+p', run: preview.open },
  ]);
  return (
    <>
      <TopBar
        back={back}
        {...(named === undefined ? {} : { named })}
        saving={saving}
        onPreview={preview.open}
        checks={checks}
        {...(messageId === undefined ? {} : { messageId })}
      />
      {mode === 'html' ? (
        <div className={classes.html}>
          <Envelope />
          <Suspense>
            <CodeMirrorHtml />
          </Suspense>
        </div>
      ) : (
        <div className={classes.panes}>
          <Tabs defaultValue="blocks" className={classes.left} keepMounted={false}>
            <Tabs.List grow aria-label={t('panels.left')}>
              <Tabs.Tab value="blocks">{t('panels.blocks')}</Tabs.Tab>
              <Tabs.Tab value="starters">{t('panels.starters')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="blocks" className={classes.leftPanel}>
              <BlocksPanel />
            </Tabs.Panel>
            <Tabs.Panel value="starters" className={classes.leftPanel}>
              <StarterList />
            </Tabs.Panel>
          </Tabs>
          <div className={classes.middle}>
            <Envelope />
            <div className={classes.scroll}>
              <Canvas />
            </div>
          </div>
          <Inspector />
        </div>
      )}
      {saving.state === 'conflict' ? (
        <ConflictDialog loadTheirs={loadTheirs} onKeepMine={saving.resolve} onTakeTheirs={saving.resolve} />
      ) : null}
      <PreviewDialog opened={previewing} onClose={preview.close} />
    </>
  );
}
