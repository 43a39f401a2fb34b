import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { FormSection } from '@/ui/FormSection';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LimitRows } from './LimitRows';
import { draftOf, inputOf, type PlanDraft } from './planDraft';
import { RouteRows } from './RouteRows';
import { ServerRows } from './ServerRows';
import { WarmUpRows } from './WarmUpRows';

const planKey = ['get', '/api/app/sending-plan'];

/** Further servers, which mail goes through which, caps and warm-up; saved in one piece. */
export function PlanForm() {
  const plan = api.useQuery('get', '/api/app/sending-plan', {});
  return plan.data ? <Editor key={JSON.stringify(plan.data)} saved={draftOf(plan.data)} /> : null;
}

function Editor({ saved }: { saved: PlanDraft }) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(saved);
  const save = api.useMutation('put', '/api/app/sending-plan', {
    onSuccess: async (answer) => {
      toast(t('plan.saved'));
      queryClient.setQueryData([...planKey, {}], answer);
      await queryClient.invalidateQueries({ queryKey: planKey });
    },
  });
  const errors = save.error ? fieldErrors(save.error) : {};
  const change = (part: Partial<PlanDraft>) => {
    setDraft((now) => ({ ...now, ...part }));
    if (save.error) save.reset();
  };
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
  const servers = [
    { value: '0', label: t('plan.first_server') },
    ...draft.servers.map((s) => ({ value: s.key, label: s.name || t('plan.new_server') })),
  ];
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate({ body: inputOf(draft) });
      }}
    >
      <FormSection title={t('plan.servers')} text={t('plan.servers_text')}>
        <ServerRows draft={draft} errors={errors} onChange={(rows) => change({ servers: rows })} />
      </FormSection>
      <FormSection title={t('plan.routes')} text={t('plan.routes_text')}>
        <RouteRows rows={draft.routes} servers={servers} errors={errors} onChange={(routes) => change({ routes })} />
      </FormSection>
      <FormSection title={t('plan.limits')} text={t('plan.limits_text')}>
        <LimitRows rows={draft.limits} errors={errors} onChange={(limits) => change({ limits })} />
      </FormSection>
      <FormSection title={t('plan.warm_ups')} text={t('plan.warm_ups_text')}>
        <WarmUpRows
          rows={draft.warm_ups}
          servers={servers}
          errors={errors}
          onChange={(warm_ups) => change({ warm_ups })}
        />
      </FormSection>
      {save.error ? (
        <Alert color="red" icon={<IconAlertCircle size={18} aria-hidden />} mb="md" role="alert">
          {Object.values(errors)[0] ?? problemText(save.error).text}
        </Alert>
      ) : null}
      <Group justify="flex-end" mb="lg">
        {changed ? (
          <Button variant="subtle" color="gray" onClick={() => setDraft(saved)}>
            {t('plan.discard')}
          </Button>
        ) : null}
        <Button type="submit" loading={save.isPending} disabled={!changed}>
          {t('plan.save')}
        </Button>
      </Group>
    </form>
  );
}
