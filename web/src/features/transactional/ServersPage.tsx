import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { formatNumber } from '@/ui/format';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { problemText } from '@/ui/problemText';
import { Button, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconMailBolt } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { serverColor } from './serverColor';
import classes from './transactional.module.css';

/** `/transactional`: the account's sending spaces. */
export function ServersPage() {
  const { t } = useTranslation('transactional');
  const manages = allows(useSession(), 'manage_sending');
  const query = api.useQuery('get', '/api/app/mail-servers', {});
  const [creating, { open, close }] = useDisclosure(false);
  const servers = query.data?.servers;
  const create = manages ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {t('create')}
    </Button>
  ) : undefined;
  return (
    <Page>
      <PageHeader title={t('title')} subtitle={t('subtitle')} main={servers?.length ? create : undefined} />
      {servers === undefined ? (
        query.error ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <div className={classes.cards} aria-busy="true">
            {[1, 2].map((n) => (
              <Skeleton key={n} height={140} radius="md" />
            ))}
          </div>
        )
      ) : servers.length === 0 ? (
        <EmptyState icon={IconMailBolt} title={t('empty.title')} text={t('empty.text')} action={create} />
      ) : (
        <div className={classes.cards}>
          {servers.map((server) => (
            <AppLink key={server.id} to={`/transactional/${server.id}`} className={classes.server}>
              <Group gap="sm" wrap="nowrap">
                <span className={classes.mark} style={{ '--mark': serverColor(server.color) } as CSSProperties}>
                  <IconMailBolt size={20} aria-hidden />
                </span>
                <div style={{ minWidth: 0 }}>
                  <Text fw={600} truncate>
                    {server.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {t('tokens', { count: server.tokens })}
                  </Text>
                </div>
              </Group>
              <dl className={classes.figures}>
                {(['sent', 'delivered', 'bounced', 'opened'] as const).map((what) => (
                  <div key={what}>
                    <dt>{t(`figure.${what}`)}</dt>
                    <dd className="tabular">{formatNumber(server[what])}</dd>
                  </div>
                ))}
              </dl>
              <Text size="xs" c="dimmed" mt={6}>
                {t('last_30_days')}
              </Text>
            </AppLink>
          ))}
        </div>
      )}
      <NewServer opened={creating} onClose={close} />
    </Page>
  );
}

function NewServer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['transactional', 'common']);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const create = api.useMutation('post', '/api/app/mail-servers', {
    onSuccess: (made) => {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/app/mail-servers'] });
      void navigate({ to: `/transactional/${made.id}` as string, search: { tab: 'setup' } as never });
    },
  });
  const error = create.error ? (fieldErrors(create.error)['name'] ?? problemText(create.error).text) : undefined;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('create')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          create.mutate({ body: { name: name.trim(), color: 'indigo', track_opens: false, track_links: 'none' } });
        }}
      >
        <Stack>
          <TextInput
            label={t('name')}
            description={t('name_help')}
            placeholder={t('name_example')}
            required
            maxLength={200}
            data-autofocus
            value={name}
            error={error}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
              {t('create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
