import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { ConditionTree } from '@/ui/conditions/ConditionTree';
import { CountLine } from '@/ui/conditions/CountLine';
import { describeConditions } from '@/ui/conditions/describe';
import { isAsking, type ConditionCatalogue } from '@/ui/conditions/tree';
import { usePreview } from '@/ui/conditions/usePreview';
import { Page } from '@/ui/Page';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { accountForms } from '@/ui/schemaForm/accountReferences';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import { toast, toastProblem } from '@/ui/toasts';
import { Alert, Button, Fieldset, TagsInput, Textarea, TextInput, Title } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCopy,
  IconDeviceFloppy,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { DeleteSegment } from '../DeleteSegment';
import { duplicateSegment, refreshSegments, type Draft, type SegmentDetail } from '../segments';
import { Uses } from '../UsesPanel';
import { draftOf, emptyDraft, isChanged, shapeOf } from './draft';
import { ComparePanel } from './ComparePanel';
import { ReachLine } from './ReachLine';
import { RuleTools } from './RuleTools';
import { SampleList } from './SampleList';
import classes from './segment.module.css';
import { useHistory } from './useHistory';
import { useSaveSegment } from './useSaveSegment';
import { WhyPanel } from './WhyPanel';

type Props = { opened: SegmentDetail | null; catalogue: ConditionCatalogue };

/** One segment: what it is called, who belongs to it, and how many these are at this moment. */
export function SegmentEditor({ opened, catalogue }: Props) {
  const { t } = useTranslation(['segments', 'conditions', 'forms']);
  const manages = allows(useSession(), 'manage_contacts');
  const navigate = useNavigate();
  const [base, setBase] = useState(opened);
  const history = useHistory<Draft>(() => (opened ? draftOf(opened) : emptyDraft));
  const draft = history.now;
  const [deleting, setDeleting] = useState(false);
  const leaving = useRef(false);
  const preview = usePreview(draft.conditions, { segmentId: base?.id });
  const { save, busy, errors, clearErrors, dialog } = useSaveSegment(base);
  const changed = isChanged(base ? draftOf(base) : emptyDraft, draft);
  const words = preview.fresh ? preview.data?.words : undefined;
  const blocker = useBlocker({
    shouldBlockFn: () => changed && !leaving.current,
    enableBeforeUnload: () => changed && !leaving.current,
    withResolver: true,
  });

  const set = (part: Partial<Draft>) => {
    clearErrors();
    const shape = part.conditions === undefined ? '' : shapeOf(part.conditions);
    history.change((now) => ({ ...now, ...part }), Object.keys(part).join() + shape);
  };
  const store = async () => {
    const saved = await save(draft, words ?? describeConditions(draft.conditions, { t, catalogue }));
    if (saved === null) return;
    setBase(saved);
    history.settle(draftOf(saved));
    if (base !== null) return;
    leaving.current = true;
    await navigate({ to: '/segments/$segmentId', params: { segmentId: String(saved.id) }, replace: true });
  };
  const duplicate = async (id: number) => {
    try {
      const copy = await duplicateSegment(id);
      await refreshSegments();
      toast(t('duplicated', { name: base?.name }));
      void navigate({ to: '/segments/$segmentId', params: { segmentId: String(copy.id) } });
    } catch (problem) {
      toastProblem(problem);
    }
  };
  const ready = draft.name.trim() !== '' && isAsking(draft.conditions);
  const why = !manages
    ? t('may_not_manage')
    : draft.name.trim() === ''
      ? t('needs_name')
      : !isAsking(draft.conditions)
        ? t('needs_conditions')
        : !changed
          ? t('nothing_changed')
          : undefined;
  usePageActions([
    {
      id: 'segment.save',
      label: t('save'),
      icon: IconDeviceFloppy,
      keys: 'mod+s',
      run: () => void store(),
      ...(why === undefined ? {} : { disabledReason: why }),
    },
    ...(manages
      ? [
          { id: 'segment.undo', label: t('undo'), icon: IconArrowBackUp, keys: 'mod+z', run: history.undo },
          { id: 'segment.redo', label: t('redo'), icon: IconArrowForwardUp, keys: 'mod+shift+z', run: history.redo },
        ]
      : []),
  ]);
  const treeErrors = { ...preview.errors, ...errors.tree };

  return (
    <Page>
      <PageHeader
        title={base?.name ?? t('new')}
        area={t('title')}
        subtitle={base ? (changed ? t('unsaved') : t('is_saved')) : t('new_subtitle')}
        actions={
          base ? (
            <>
              <Button
                variant="default"
                data-compact
                component={AppLink}
                to="/contacts"
                search={{ segment: base.id } as never}
                leftSection={<IconUsers size={16} aria-hidden />}
              >
                {t('show_contacts')}
              </Button>
              {manages ? (
                <>
                  <Button
                    variant="default"
                    data-compact
                    leftSection={<IconCopy size={16} aria-hidden />}
                    onClick={() => void duplicate(base.id)}
                  >
                    {t('duplicate')}
                  </Button>
                  <Button
                    variant="default"
                    data-compact
                    c="var(--mantine-color-error)"
                    leftSection={<IconTrash size={16} aria-hidden />}
                    onClick={() => setDeleting(true)}
                  >
                    {t('delete.open')}
                  </Button>
                </>
              ) : null}
            </>
          ) : null
        }
        main={
          manages ? (
            <Button
              leftSection={<IconDeviceFloppy size={16} aria-hidden />}
              loading={busy}
              disabled={!ready || !changed}
              title={why}
              onClick={() => void store()}
            >
              {t(base ? 'save' : 'create')}
            </Button>
          ) : null
        }
      />
      <SchemaFormContext value={accountForms}>
        <div className={classes.layout}>
          <Fieldset variant="unstyled" disabled={!manages} className={classes.main}>
            {manages ? null : <Alert color="gray">{t('may_not_manage')}</Alert>}
            <div className={classes.about}>
              <TextInput
                label={t('field.name')}
                withAsterisk
                maxLength={200}
                data-autofocus
                value={draft.name}
                error={errors.fields['name']}
                onChange={(e) => set({ name: e.currentTarget.value })}
              />
              <TagsInput
                label={t('field.tags')}
                placeholder={draft.tags.length === 0 ? t('tags_hint') : ''}
                acceptValueOnBlur
                value={draft.tags}
                error={errors.fields['tags']}
                onChange={(tags) => set({ tags })}
              />
              <Textarea
                className={classes.whole}
                label={t('field.description')}
                autosize
                minRows={1}
                maxRows={6}
                value={draft.description}
                error={errors.fields['description']}
                onChange={(e) => set({ description: e.currentTarget.value })}
              />
            </div>
            <div>
              <div className={classes.ruleHead}>
                <Title order={2} size="h4">
                  {t('who')}
                </Title>
                <RuleTools
                  tree={draft.conditions}
                  history={history}
                  manages={manages}
                  onPaste={(conditions) => {
                    set({ conditions });
                    toast(t('json.done'));
                  }}
                />
              </div>
              <ConditionTree
                label={t('who')}
                value={draft.conditions}
                onChange={(conditions) => set({ conditions })}
                catalogue={catalogue}
                errors={treeErrors}
                words={words}
                counted
              />
            </div>
          </Fieldset>
          <aside className={classes.side} aria-label={t('matching')}>
            <section className={classes.card}>
              <Title order={2} size="h4">
                {t('matching')}
              </Title>
              <CountLine preview={preview} />
              <ReachLine tree={preview.fresh ? draft.conditions : undefined} />
              <SampleList preview={preview} />
            </section>
            <section className={classes.card}>
              <WhyPanel tree={draft.conditions} />
            </section>
            <section className={classes.card}>
              <ComparePanel tree={draft.conditions} />
            </section>
            {base ? (
              <section className={classes.card}>
                <Title order={2} size="h4">
                  {t('uses.heading')}
                </Title>
                <Uses id={base.id} />
              </section>
            ) : null}
          </aside>
        </div>
      </SchemaFormContext>
      {dialog}
      {deleting && base ? (
        <DeleteSegment
          segment={base}
          onClose={() => setDeleting(false)}
          onDone={() => {
            leaving.current = true;
            void navigate({ to: '/segments' });
          }}
        />
      ) : null}
      <ConfirmDialog
        opened={blocker.status === 'blocked'}
        onClose={() => blocker.reset?.()}
        title={t('leave.title')}
        effect={t('leave.effect')}
        confirmLabel={t('leave.confirm')}
        danger
        onConfirm={() => blocker.proceed?.()}
      />
    </Page>
  );
}
