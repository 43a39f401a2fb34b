import { api } from '@/api/client';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { toastProblem } from '@/ui/toasts';
import { Button, Card, Group, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconCake, IconMail, IconMailForward, IconRss, IconArrowsSplit } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listKey, type CampaignInput } from '../api';
import classes from '../campaigns.module.css';
import { newCampaignRoute } from '../routes';

const types = [
  { type: 'standard', icon: IconMail },
  { type: 'split', icon: IconArrowsSplit },
  { type: 'responder', icon: IconMailForward },
  { type: 'date', icon: IconCake },
  { type: 'rss', icon: IconRss },
] as const;
type Type = (typeof types)[number]['type'];

/** `/campaigns/new`: the kind and a name; the rest is the summary's. */
export function NewCampaignPage() {
  const { t } = useTranslation('campaigns');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { at } = newCampaignRoute.useSearch();
  const [type, setType] = useState<Type>('standard');
  const [name, setName] = useState('');
  const create = api.useMutation('post', '/api/app/campaigns', {
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: listKey });
      await navigate({ to: `/campaigns/${made.id}` as string, replace: true });
    },
    onError: toastProblem,
  });
  const start = () =>
    create.mutate({
      body: {
        type,
        campaign: { name: name.trim() || t('untitled'), ...(at ? { schedule_local: at } : {}) } as CampaignInput,
      },
    });
  return (
    <Page>
      <PageHeader title={t('new.title')} area={t('title')} subtitle={t('new.subtitle')} />
      <form
        onSubmit={(e) => {
          e.preventDefault();
          start();
        }}
      >
        <Stack gap="lg">
          <Radio.Group aria-label={t('new.title')} value={type} onChange={(v) => setType(v as Type)}>
            <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
              {types.map(({ type: value, icon: Icon }) => (
                <Radio.Card key={value} value={value} radius="md" className={classes.kind}>
                  <Group wrap="nowrap" align="flex-start">
                    <Icon size={26} stroke={1.5} aria-hidden className={classes.kindIcon} />
                    <div>
                      <Text fw={600}>{t(`type.${value}`)}</Text>
                      <Text size="sm" c="dimmed">
                        {t(`type_help.${value}`)}
                      </Text>
                    </div>
                  </Group>
                </Radio.Card>
              ))}
            </SimpleGrid>
          </Radio.Group>
          <Card withBorder radius="md" maw={560}>
            <TextInput
              label={t('new.name')}
              description={t('new.name_help')}
              placeholder={t('untitled')}
              maxLength={200}
              value={name}
              onChange={(e) => setName(e.currentTarget.value)}
            />
            <Group mt="md">
              <Button type="submit" loading={create.isPending}>
                {t('new.start')}
              </Button>
            </Group>
          </Card>
        </Stack>
      </form>
    </Page>
  );
}
