import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { useSession } from '@/api/session';
import { FormSection } from '@/ui/FormSection';
import { toast, toastProblem } from '@/ui/toasts';
import { Alert, Button, Group, SimpleGrid, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadedPage } from '../LoadedPage';

type Settings = components['schemas']['TrackingSettings'];

/** What counts as a reader's doing, and how links are tagged. */
export function MailTrackingPage() {
  const query = api.useQuery('get', '/api/app/mail-tracking', {});
  return (
    <LoadedPage page="mail_tracking" query={query}>
      {(settings) => <MailTrackingForm settings={settings} onSaved={() => void query.refetch()} />}
    </LoadedPage>
  );
}

const noUtm = { source: 'newsletter', medium: 'email', campaign: '', term: '', content: '', domains: [] as string[] };

function MailTrackingForm({ settings, onSaved }: { settings: Settings; onSaved: () => void }) {
  const { t } = useTranslation('settings');
  const may = useSession().permissions.includes('manage_account');
  const [filter, setFilter] = useState(settings.filter_machines);
  const [tagged, setTagged] = useState(settings.utm !== null);
  const [utm, setUtm] = useState({ ...noUtm, ...settings.utm, domains: [...(settings.utm?.domains ?? [])] });
  const save = api.useMutation('put', '/api/app/mail-tracking', {
    onSuccess: () => {
      toast(t('mail_tracking.saved'));
      onSaved();
    },
    onError: toastProblem,
  });
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate({ body: { filter_machines: filter, utm: tagged ? utm : null } });
      }}
    >
      {may ? null : (
        <Alert color="gray" mb="md">
          {t('mail_tracking.admin')}
        </Alert>
      )}
      <FormSection title={t('mail_tracking.machines')} text={t('mail_tracking.machines_text')}>
        <Switch
          label={t('mail_tracking.filter')}
          description={t('mail_tracking.filter_text')}
          checked={filter}
          disabled={!may}
          onChange={(e) => setFilter(e.currentTarget.checked)}
        />
        <Text size="sm" c="dimmed">
          {t('mail_tracking.signs')}
        </Text>
        <Text size="sm" c="dimmed">
          {t('mail_tracking.privacy')}
        </Text>
      </FormSection>
      <FormSection title={t('mail_tracking.utm')} text={t('mail_tracking.utm_text')}>
        <Switch
          label={t('mail_tracking.utm_on')}
          checked={tagged}
          disabled={!may}
          onChange={(e) => setTagged(e.currentTarget.checked)}
        />
        {tagged ? (
          <>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              {(['source', 'medium', 'campaign', 'term', 'content'] as const).map((key) => (
                <TextInput
                  key={key}
                  label={t(`mail_tracking.${key}`)}
                  {...(key === 'campaign' ? { description: t('mail_tracking.campaign_text') } : {})}
                  maxLength={200}
                  value={utm[key]}
                  disabled={!may}
                  onChange={(e) => setUtm({ ...utm, [key]: e.currentTarget.value })}
                />
              ))}
            </SimpleGrid>
            <TagsInput
              label={t('mail_tracking.domains')}
              description={t('mail_tracking.domains_text')}
              value={utm.domains}
              disabled={!may}
              onChange={(domains) => setUtm({ ...utm, domains })}
            />
          </>
        ) : null}
        {may ? (
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('mail_tracking.save')}
            </Button>
          </Group>
        ) : null}
      </FormSection>
    </form>
  );
}
