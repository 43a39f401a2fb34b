import { allows, useSession } from '@/api/session';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { usePageActions } from '@/ui/pageActions';
import { PageHeader } from '@/ui/PageHeader';
import { Button, Skeleton, Stack } from '@mantine/core';
import { IconFolderPlus, IconForms, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeleteField } from './DeleteField';
import { FieldGroupCard } from './FieldGroupCard';
import { FieldPanel } from './FieldPanel';
import { GroupDialog } from './GroupDialog';
import { reordered, useFields, type Field, type Group } from './useFields';

type Editing = { field: Field | null } | null;

/** `/fields`: what is known of every contact, in the groups and the order in which it is shown. */
export function FieldsPage() {
  const { t } = useTranslation('audience');
  const manages = allows(useSession(), 'manage_fields');
  const { fields, groups, order } = useFields();
  const [editing, setEditing] = useState<Editing>(null);
  const [deleting, setDeleting] = useState<Field | null>(null);
  const [group, setGroup] = useState<Group | 'new' | null>(null);
  const create = () => setEditing({ field: null });
  usePageActions(
    manages
      ? [
          { id: 'fields.create', label: t('fields.create'), icon: IconPlus, run: create },
          { id: 'fields.group', label: t('fields.new_group'), icon: IconFolderPlus, run: () => setGroup('new') },
        ]
      : [],
  );
  const createButton = manages ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
      {t('fields.create')}
    </Button>
  ) : null;
  const all = fields.data?.items ?? [];
  const known = groups.data?.items ?? [];
  const none = all.filter((f) => f.group_id === null || !known.some((g) => g.id === f.group_id));
  const cards: { group: Group | null; own: Field[] }[] = [
    ...(none.length > 0 ? [{ group: null, own: none }] : []),
    ...known.map((g) => ({ group: g, own: all.filter((f) => f.group_id === g.id) })),
  ];
  return (
    <Page>
      <PageHeader
        title={t('fields.title')}
        subtitle={t('fields.subtitle')}
        main={createButton}
        actions={
          manages ? (
            <Button
              variant="default"
              data-compact
              leftSection={<IconFolderPlus size={16} aria-hidden />}
              onClick={() => setGroup('new')}
            >
              {t('fields.new_group')}
            </Button>
          ) : null
        }
      />
      {fields.error ? <ErrorState error={fields.error} onRetry={() => void fields.refetch()} /> : null}
      {fields.isPending || groups.isPending ? <Skeleton height={240} radius="md" aria-busy="true" /> : null}
      {fields.data && groups.data ? (
        all.length === 0 && known.length === 0 ? (
          <EmptyState
            icon={IconForms}
            title={t('fields.empty.title')}
            text={t('fields.empty.text')}
            action={createButton}
          />
        ) : (
          <Stack gap="lg" maw={980}>
            {cards.map(({ group: g, own }) => (
              <FieldGroupCard
                key={g?.id ?? 0}
                group={g}
                fields={own}
                manages={manages}
                onOrder={(items) => order(reordered(all, items))}
                onEdit={(field) => setEditing({ field })}
                onDelete={setDeleting}
                onGroup={setGroup}
              />
            ))}
          </Stack>
        )
      ) : null}
      <FieldPanel editing={editing} groups={known} onClose={() => setEditing(null)} />
      {deleting ? <DeleteField field={deleting} onClose={() => setDeleting(null)} /> : null}
      {group ? <GroupDialog group={group === 'new' ? null : group} onClose={() => setGroup(null)} /> : null}
    </Page>
  );
}
