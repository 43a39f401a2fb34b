import { api } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { problemText } from '@/ui/problemText';
import { StatusBadge } from '@/ui/StatusBadge';
import { Alert, Button, ColorSwatch, Group, List, Modal, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPalette, IconPlus, IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './design.module.css';
import { KitForm } from './KitForm';
import { KitSample } from './KitSample';
import { plainLook, type BrandKit, type BrandLook } from './kits';

type Draft = { id: number | null; name: string; look: BrandLook };

/** How the account's brands look; the default one is what new mails begin with. */
export function BrandPage() {
  const { t } = useTranslation('design');
  const [draft, setDraft] = useState<Draft | null>(null);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const [asking, website] = useDisclosure(false);
  const query = api.useQuery('get', '/api/app/brand-kits', {}, { staleTime: 0 });
  const makeDefault = api.useMutation('post', '/api/app/brand-kits/{id}/default', {
    onSuccess: () => void query.refetch(),
  });
  const remove = api.useMutation('delete', '/api/app/brand-kits/{id}', { onSuccess: () => void query.refetch() });
  const kits = query.data?.kits as readonly BrandKit[] | undefined;
  const begin = () => {
    setNotes([]);
    setDraft({ id: null, name: '', look: plainLook });
  };
  const close = () => {
    setDraft(null);
    setNotes([]);
  };
  const buttons = (
    <Group gap="sm">
      <Button variant="default" leftSection={<IconWorld size={16} aria-hidden />} onClick={website.open}>
        {t('brand.from_website')}
      </Button>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={begin}>
        {t('brand.new')}
      </Button>
    </Group>
  );
  return (
    <Page>
      <PageHeader title={t('brand.title')} subtitle={t('brand.text')} main={draft ? null : buttons} />
      {draft ? (
        <Stack>
          {notes.length > 0 ? (
            <Alert color="yellow" title={t('brand.notes')}>
              <List size="sm">
                {notes.map((note) => (
                  <List.Item key={note}>{note}</List.Item>
                ))}
              </List>
            </Alert>
          ) : null}
          <KitForm
            key={`${draft.id}${draft.name}`}
            kit={draft}
            onCancel={close}
            onSaved={() => {
              close();
              void query.refetch();
            }}
          />
        </Stack>
      ) : query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : !kits ? (
        <div className={classes.kits} aria-busy="true">
          <Skeleton height={320} />
          <Skeleton height={320} />
        </div>
      ) : kits.length === 0 ? (
        <EmptyState icon={IconPalette} title={t('brand.empty')} text={t('brand.empty_text')} action={buttons} />
      ) : (
        <ul className={classes.kits}>
          {kits.map((kit) => (
            <li key={kit.id} className={classes.kit}>
              <KitSample look={kit.look} name={kit.name} />
              <div className={classes.kitFacts}>
                <Group justify="space-between" wrap="nowrap">
                  <Title order={2} fz={16} lineClamp={1}>
                    {kit.name}
                  </Title>
                  {kit.is_default ? <StatusBadge tone="good" label={t('brand.default')} /> : null}
                </Group>
                <Group gap={4} my={8}>
                  {[
                    ...new Set([
                      kit.look.button_colour,
                      kit.look.heading_colour,
                      kit.look.background,
                      ...kit.look.palette,
                    ]),
                  ]
                    .slice(0, 10)
                    .map((colour) => (
                      <ColorSwatch key={colour} size={20} color={colour} title={colour} />
                    ))}
                </Group>
                <Group gap={6}>
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => setDraft({ id: kit.id, name: kit.name, look: kit.look })}
                  >
                    {t('brand.edit')}
                  </Button>
                  {kit.is_default ? null : (
                    <Button
                      size="xs"
                      variant="subtle"
                      onClick={() => makeDefault.mutate({ params: { path: { id: kit.id } } })}
                    >
                      {t('brand.make_default')}
                    </Button>
                  )}
                  <Button
                    size="xs"
                    variant="subtle"
                    color="red"
                    aria-label={t('brand.delete_named', { name: kit.name })}
                    onClick={() => remove.mutate({ params: { path: { id: kit.id } } })}
                  >
                    {t('brand.delete')}
                  </Button>
                </Group>
              </div>
            </li>
          ))}
        </ul>
      )}
      {asking ? (
        <WebsiteDialog
          onClose={website.close}
          onFound={(found, said) => {
            setDraft(found);
            setNotes(said);
            website.close();
          }}
        />
      ) : null}
    </Page>
  );
}

type DialogProps = { onClose: () => void; onFound: (draft: Draft, notes: readonly string[]) => void };

function WebsiteDialog({ onClose, onFound }: DialogProps) {
  const { t } = useTranslation(['design', 'common']);
  const [url, setUrl] = useState('');
  const read = api.useMutation('post', '/api/app/brand-kits/import', {
    onSuccess: (found) => onFound({ id: null, name: found.name, look: found.look as BrandLook }, found.notes),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('brand.from_website')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          read.mutate({ body: { url } });
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {t('brand.website_text')}
          </Text>
          <TextInput
            label={t('brand.website')}
            placeholder="www.example.com"
            required
            data-autofocus
            value={url}
            onChange={(e) => setUrl(e.currentTarget.value)}
          />
          {read.error ? (
            <Alert color="red" title={t('brand.unreadable')}>
              {problemText(read.error).text}
            </Alert>
          ) : null}
          <Group justify="end">
            <Button type="submit" loading={read.isPending}>
              {t('brand.look')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
