import { api, client } from '@/api/client';
import { allows, useSession } from '@/api/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Page } from '@/ui/Page';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { toast, toastProblem } from '@/ui/toasts';
import { Button, FileButton, Group } from '@mantine/core';
import { IconFileImport, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { templatesRoute } from './routes';
import { TemplateGallery } from './TemplateGallery';
import { TemplateMenu } from './TemplateMenu';
import { contentOf, custom, ownId, templatesKey, type Template } from './templates';

/** `/templates`: the gallery; from here a template becomes a message. */
export function TemplatesPage() {
  const { t } = useTranslation('templates');
  const manages = allows(useSession(), 'manage_messages');
  const { category, q } = templatesRoute.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [deleting, setDeleting] = useState<Template | null>(null);
  const renew = () => queryClient.invalidateQueries({ queryKey: templatesKey });
  const show = (next: { category: string | null; query: string }) =>
    void navigate({
      to: '/templates',
      search: {
        ...(next.category === null ? {} : { category: next.category }),
        ...(next.query === '' ? {} : { q: next.query }),
      },
      replace: true,
    });
  const showOwn = async () => {
    await renew();
    show({ category: custom, query: '' });
  };
  const use = api.useMutation('post', '/api/app/templates/use', {
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/messages'] });
      await navigate({ to: '/messages/$id' as string, params: { id: String(made.message_id) } as never });
    },
    onError: toastProblem,
  });
  const edit = (id: number) => void navigate({ to: '/templates/$id' as string, params: { id: String(id) } as never });
  const create = api.useMutation('post', '/api/app/templates', {
    onSuccess: async (made) => {
      await renew();
      edit(made.id);
    },
    onError: toastProblem,
  });
  const duplicate = api.useMutation('post', '/api/app/templates/duplicate', {
    onSuccess: async (made) => {
      await showOwn();
      toast(t('copied', { name: made.name }));
    },
    onError: toastProblem,
  });
  const remove = api.useMutation('delete', '/api/app/templates/{id}', { onSuccess: renew, onError: toastProblem });
  const importFile = async (file: File | null) => {
    if (file === null) return;
    try {
      const { data } = await client.POST('/api/app/templates/import', {
        body: (await file.text()) as never,
        bodySerializer: (text) => text as unknown as string,
        headers: { 'Content-Type': 'application/json' },
      });
      await showOwn();
      toast(t('imported', { name: data?.name ?? '' }));
    } catch (problem) {
      toastProblem(problem);
    }
  };
  /** A draft of a campaign whose mail is a copy of the template. */
  const campaign = async ({ name, template }: Template) => {
    try {
      const { subject, preheader, design, html, text } = await contentOf(template);
      const { data } = await client.POST('/api/app/campaigns', {
        body: { type: 'standard', campaign: { name } } as never,
      });
      const first = data?.variants[0];
      if (data === undefined || first === undefined) return;
      await client.PUT('/api/app/messages/{id}', {
        params: { path: { id: first.message_id } },
        body: { name, subject, preheader, design, html, text } as never,
      });
      await navigate({ to: `/campaigns/${data.id}` as string });
    } catch (problem) {
      toastProblem(problem);
    }
  };
  const begin = () => create.mutate({ body: { name: t('new_name') } as never });
  usePageActions(manages ? [{ id: 'templates.create', label: t('create'), icon: IconPlus, run: begin }] : []);
  const actions = manages ? (
    <Group gap="xs">
      <FileButton onChange={(file) => void importFile(file)} accept="application/json,.json">
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconFileImport size={16} aria-hidden />}>
            {t('import')}
          </Button>
        )}
      </FileButton>
      <Button leftSection={<IconPlus size={16} aria-hidden />} loading={create.isPending} onClick={begin}>
        {t('create')}
      </Button>
    </Group>
  ) : null;
  return (
    <Page wide>
      <PageHeader title={t('title')} subtitle={t('subtitle')} main={actions} />
      <TemplateGallery
        category={category ?? null}
        query={q ?? ''}
        onFilter={show}
        useLabel={t('use')}
        onUse={manages ? (x) => use.mutateAsync({ body: { template: x.template } as never }).catch(() => {}) : null}
        menuOf={(x) => (
          <TemplateMenu
            template={x}
            manages={manages}
            onCampaign={() => void campaign(x)}
            onEdit={() => edit(ownId(x) ?? 0)}
            onDuplicate={() => duplicate.mutate({ body: { template: x.template } as never })}
            onDelete={() => setDeleting(x)}
          />
        )}
      />
      <ConfirmDialog
        opened={deleting !== null}
        onClose={() => setDeleting(null)}
        title={t('delete_title', { name: deleting?.name ?? '' })}
        effect={t('delete_effect')}
        confirmLabel={t('delete')}
        danger
        onConfirm={() =>
          deleting && remove.mutateAsync({ params: { path: { id: ownId(deleting) ?? 0 } } }).catch(() => {})
        }
      />
    </Page>
  );
}
