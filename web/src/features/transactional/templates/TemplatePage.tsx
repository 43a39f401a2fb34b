import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { templateRoute } from '../routes';
import { TemplateEditor, type TemplateDraft } from './TemplateEditor';

type Row = components['schemas']['TemplateRow'];

const starting: TemplateDraft = {
  name: '',
  alias: '',
  is_layout: false,
  layout: null,
  subject: 'Your order {{order}}',
  html: '<p>Hi {{name}},</p>\n<p>thank you for your order {{order}}.</p>\n<ul>\n{{#each items}}\n  <li>{{title}}: {{price}}</li>\n{{/each}}\n</ul>',
  text: 'Hi {{name}},\n\nthank you for your order {{order}}.',
  sample: '',
};

const draftOf = (row: Row): TemplateDraft => ({
  name: row.name,
  alias: row.alias ?? '',
  is_layout: row.is_layout,
  layout: row.layout,
  subject: row.subject,
  html: row.html,
  text: row.text,
  sample: Object.keys((row.sample as object) ?? {}).length > 0 ? JSON.stringify(row.sample, null, 2) : '',
});

/** `/transactional/:server/templates/:template`: writing a template and seeing it filled. */
export function TemplatePage() {
  const { t } = useTranslation('transactional');
  const { server, template } = templateRoute.useParams();
  const manages = allows(useSession(), 'manage_messages');
  const isNew = template === 'new';
  const query = api.useQuery(
    'get',
    '/api/app/mail-templates/{id}',
    { params: { path: { id: isNew ? 0 : Number(template) } } },
    { enabled: !isNew },
  );
  return (
    <Page wide>
      {isNew ? (
        <TemplateEditor
          key="new"
          serverId={Number(server)}
          id={null}
          draft={starting}
          title={t('templates.create')}
          manages={manages}
        />
      ) : query.data ? (
        <TemplateEditor
          key={query.data.id}
          serverId={Number(server)}
          id={query.data.id}
          draft={draftOf(query.data)}
          title={query.data.name}
          manages={manages}
        />
      ) : query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton height={400} radius="md" aria-busy="true" />
      )}
    </Page>
  );
}
