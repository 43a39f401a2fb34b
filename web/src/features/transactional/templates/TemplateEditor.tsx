import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { PageHeader } from '@/ui/PageHeader';
import { problemText } from '@/ui/problemText';
import { toast, toastProblem } from '@/ui/toasts';
import { Button, Checkbox, Group, Select, Stack, Tabs, Text, Textarea, TextInput } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../transactional.module.css';
import { readModel } from './readModel';
import { TemplatePreview } from './TemplatePreview';

export type TemplateDraft = {
  name: string;
  alias: string;
  is_layout: boolean;
  layout: string | null;
  subject: string;
  html: string;
  text: string;
  /** JSON as typed; empty: made up. */
  sample: string;
};

type Props = { serverId: number; id: number | null; draft: TemplateDraft; title: string; manages: boolean };

/** Source on the left, what becomes of it on the right. */
export function TemplateEditor({ serverId, id, draft: before, title, manages }: Props) {
  const { t } = useTranslation('transactional');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(before);
  const set = (part: Partial<TemplateDraft>) => setDraft((now) => ({ ...now, ...part }));
  const all = api.useQuery('get', '/api/app/mail-servers/{id}/templates', { params: { path: { id: serverId } } });
  const changed = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['get', '/api/app/mail-servers/{id}/templates'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/app/mail-templates/{id}'] }),
    ]);
  const back = () =>
    void navigate({ to: `/transactional/${serverId}` as string, search: { tab: 'templates' } as never });
  const create = api.useMutation('post', '/api/app/mail-servers/{id}/templates', {
    onSuccess: async (made) => {
      await changed();
      toast(t('templates.saved', { name: made.name }));
      void navigate({ to: `/transactional/${serverId}/templates/${made.id}` as string, replace: true });
    },
  });
  const save = api.useMutation('put', '/api/app/mail-templates/{id}', {
    onSuccess: async (made) => {
      await changed();
      toast(t('templates.saved', { name: made.name }));
    },
  });
  const remove = api.useMutation('delete', '/api/app/mail-templates/{id}', { onError: toastProblem });
  const error = create.error ?? save.error;
  const errors: Record<string, string> = error ? fieldErrors(error) : {};
  const other = error && Object.keys(errors).length === 0 ? problemText(error).text : undefined;
  const model = readModel(draft.sample);
  const submit = () => {
    const body = {
      name: draft.name.trim(),
      alias: draft.alias.trim() || null,
      is_layout: draft.is_layout,
      layout: draft.is_layout ? null : draft.layout,
      subject: draft.subject,
      html: draft.html,
      text: draft.text,
      sample: model.value ?? {},
    };
    if (id === null) create.mutate({ params: { path: { id: serverId } }, body: body as never });
    else save.mutate({ params: { path: { id } }, body: body as never });
  };
  const layouts = all.data?.templates.filter((x) => x.is_layout && x.id !== id) ?? [];
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <PageHeader
        title={title}
        area={t('title')}
        subtitle={t('templates.subtitle')}
        actions={
          <Group gap={8}>
            <Button variant="default" onClick={back}>
              {t('templates.back')}
            </Button>
            {manages && id !== null ? (
              <ConfirmButton
                title={t('templates.delete_title', { name: title })}
                effect={t('templates.delete_effect')}
                confirmLabel={t('templates.delete')}
                danger
                onConfirm={async () => {
                  await remove.mutateAsync({ params: { path: { id } } });
                  await changed();
                  back();
                }}
              >
                {t('templates.delete')}
              </ConfirmButton>
            ) : null}
          </Group>
        }
        main={
          manages ? (
            <Button
              type="submit"
              leftSection={<IconDeviceFloppy size={16} aria-hidden />}
              loading={create.isPending || save.isPending}
              disabled={draft.name.trim() === '' || model.problem !== null}
            >
              {t('templates.save')}
            </Button>
          ) : undefined
        }
      />
      <div className={classes.editor}>
        <Stack>
          <Group grow align="flex-start">
            <TextInput
              label={t('name')}
              required
              value={draft.name}
              error={errors['name'] ?? other}
              onChange={(e) => set({ name: e.currentTarget.value })}
            />
            <TextInput
              label={t('templates.alias')}
              description={t('templates.alias_help')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={draft.alias}
              error={errors['alias']}
              onChange={(e) => set({ alias: e.currentTarget.value })}
            />
          </Group>
          <Group grow align="flex-end">
            {draft.is_layout ? null : (
              <Select
                label={t('templates.layout')}
                placeholder={t('templates.no_layout')}
                clearable
                value={draft.layout}
                data={layouts.map((x) => ({ value: x.alias ?? String(x.id), label: x.name }))}
                onChange={(layout) => set({ layout })}
              />
            )}
            {id === null ? (
              <Checkbox
                label={t('templates.is_layout')}
                pb={8}
                checked={draft.is_layout}
                onChange={(e) =>
                  set({ is_layout: e.currentTarget.checked, html: e.currentTarget.checked ? layoutHtml : draft.html })
                }
              />
            ) : null}
          </Group>
          {draft.is_layout ? null : (
            <TextInput
              label={t('mail.subject')}
              value={draft.subject}
              error={errors['subject']}
              onChange={(e) => set({ subject: e.currentTarget.value })}
            />
          )}
          <Tabs defaultValue="html">
            <Tabs.List mb="xs">
              <Tabs.Tab value="html">HTML</Tabs.Tab>
              <Tabs.Tab value="text">{t('mail.text')}</Tabs.Tab>
              <Tabs.Tab value="model">{t('templates.model')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="html">
              <Textarea
                aria-label="HTML"
                className={classes.code ?? ''}
                autosize
                minRows={16}
                maxRows={32}
                spellCheck={false}
                value={draft.html}
                error={errors['html']}
                onChange={(e) => set({ html: e.currentTarget.value })}
              />
            </Tabs.Panel>
            <Tabs.Panel value="text">
              <Textarea
                aria-label={t('mail.text')}
                className={classes.code ?? ''}
                autosize
                minRows={16}
                maxRows={32}
                value={draft.text}
                error={errors['text']}
                onChange={(e) => set({ text: e.currentTarget.value })}
              />
            </Tabs.Panel>
            <Tabs.Panel value="model">
              <Text size="xs" c="dimmed" mb={6}>
                {t('templates.model_help')}
              </Text>
              <Textarea
                aria-label={t('templates.model')}
                className={classes.code ?? ''}
                autosize
                minRows={12}
                maxRows={32}
                spellCheck={false}
                value={draft.sample}
                error={model.problem ? t('templates.model_broken') : errors['sample']}
                onChange={(e) => set({ sample: e.currentTarget.value })}
              />
            </Tabs.Panel>
          </Tabs>
        </Stack>
        <TemplatePreview
          serverId={serverId}
          draft={draft}
          model={model.value}
          onTake={(suggested) => set({ sample: JSON.stringify(suggested, null, 2) })}
        />
      </div>
    </form>
  );
}

const layoutHtml =
  '<html>\n<body style="font-family:sans-serif;max-width:560px;margin:24px auto">\n{{{@content}}}\n<p style="color:#888;font-size:12px">{{company}}</p>\n</body>\n</html>';
