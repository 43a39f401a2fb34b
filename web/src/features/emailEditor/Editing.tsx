import { usePageActions } from '@/ui/pageActions';
import { SegmentedControl, Tabs } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconDeviceFloppy, IconEye } from '@tabler/icons-react';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Canvas } from './canvas/Canvas';
import type { DesignerProps } from './Designer';
import classes from './designer.module.css';
import { useEditor, useEditorStore } from './document/store';
import { Envelope } from './Envelope';
import { BlocksPanel } from './panels/BlocksPanel';
import { Inspector } from './panels/Inspector';
import { useClipboard } from './document/useClipboard';
import { HtmlPreview } from './importing/HtmlPreview';
import { ImportDialog } from './importing/ImportDialog';
import { LayersPanel } from './panels/LayersPanel';
import { SavedPanel } from './panels/SavedPanel';
import { StarterList } from './panels/StarterList';
import { SaveTemplateDialog } from './saving/SaveTemplateDialog';
import { VersionsDialog } from './versions/VersionsDialog';
import { PreviewDialog } from './preview/PreviewDialog';
import { usePreview } from './preview/usePreview';
import { ConflictDialog } from './saving/ConflictDialog';
import { useAutosave } from './saving/useAutosave';
import { TopBar } from './toolbar/TopBar';

const CodeMirrorHtml = lazy(() => import('./CodeMirrorHtml'));

export function Editing({ save, loadTheirs, back, named, messageId, isPart, notice }: DesignerProps) {
  const { t } = useTranslation('emailEditor');
  const store = useEditorStore();
  const mode = useEditor((s) => s.content.mode);
  const saving = useAutosave(store, save);
  const checks = usePreview(null);
  const [previewing, preview] = useDisclosure(false);
  const [listing, versions] = useDisclosure(false);
  const [importing, importer] = useDisclosure(false);
  const [keeping, keeper] = useDisclosure(false);
  const [pane, setPane] = useState<'mail' | 'blocks' | 'options'>('mail');
  useClipboard();
  // On a phone one pane is seen at a time: what was put in is shown in the mail.
  useEffect(
    () =>
      store.subscribe((now, before) => {
        if (now.content.design !== before.content.design) setPane((p) => (p === 'blocks' ? 'mail' : p));
      }),
    [store],
  );
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
        onImport={importer.open}
        {...(isPart ? { isPart } : {})}
        {...(isPart || named ? {} : { onTemplate: keeper.open })}
        {...(messageId === undefined ? {} : { onVersions: versions.open })}
        {...(messageId === undefined ? {} : { messageId })}
      />
      {mode === 'html' ? (
        <div className={classes.html}>
          <Envelope />
          <div className={classes.htmlPanes}>
            <Suspense>
              <CodeMirrorHtml />
            </Suspense>
            <HtmlPreview query={checks} />
          </div>
        </div>
      ) : (
        <div className={classes.panes} data-pane={pane}>
          <Tabs defaultValue="blocks" className={classes.left} keepMounted={false}>
            <Tabs.List grow aria-label={t('panels.left')}>
              <Tabs.Tab value="blocks">{t('panels.blocks')}</Tabs.Tab>
              <Tabs.Tab value="saved">{t('panels.saved')}</Tabs.Tab>
              <Tabs.Tab value="layers">{t('panels.layers')}</Tabs.Tab>
              {isPart ? null : <Tabs.Tab value="starters">{t('panels.starters')}</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="blocks" className={classes.leftPanel}>
              <BlocksPanel />
            </Tabs.Panel>
            <Tabs.Panel value="saved" className={classes.leftPanel}>
              <SavedPanel />
            </Tabs.Panel>
            <Tabs.Panel value="layers" className={classes.leftPanel}>
              <LayersPanel />
            </Tabs.Panel>
            <Tabs.Panel value="starters" className={classes.leftPanel}>
              <StarterList />
            </Tabs.Panel>
          </Tabs>
          <div className={classes.middle}>
            {isPart ? null : <Envelope />}
            {notice}
            <div className={classes.scroll}>
              <Canvas />
            </div>
          </div>
          <Inspector />
          <SegmentedControl
            className={classes.paneSwitch}
            aria-label={t('panels.shown')}
            value={pane}
            onChange={(next) => setPane(next as typeof pane)}
            data={[
              { value: 'blocks', label: t('panels.add') },
              { value: 'mail', label: t('panels.mail') },
              { value: 'options', label: t('panels.set') },
            ]}
          />
        </div>
      )}
      {saving.state === 'conflict' ? (
        <ConflictDialog loadTheirs={loadTheirs} onKeepMine={saving.resolve} onTakeTheirs={saving.resolve} />
      ) : null}
      {messageId === undefined ? null : (
        <VersionsDialog messageId={messageId} opened={listing} onClose={versions.close} flush={saving.flush} />
      )}
      {keeping ? <SaveTemplateDialog onClose={keeper.close} /> : null}
      <ImportDialog opened={importing} onClose={importer.close} />
      <PreviewDialog opened={previewing} onClose={preview.close} />
    </>
  );
}
