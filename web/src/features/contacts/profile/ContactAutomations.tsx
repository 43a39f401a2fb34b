import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { When } from '@/ui/When';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { Anchor, Skeleton, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './profile.module.css';

type State = 'inside' | 'completed' | 'left' | 'parked';

const states: Record<string, State> = {
  active: 'inside',
  waiting: 'inside',
  parked: 'parked',
  completed: 'completed',
  ended: 'left',
};
const tones: Record<State, Tone> = { inside: 'waiting', completed: 'good', left: 'quiet', parked: 'bad' };

/** The contact's entries into automations, newest first; each leads to its path. */
export function ContactAutomations({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const runs = api.useQuery('get', '/api/app/contacts/{contactId}/runs', { params: { path: { contactId } } });
  return (
    <section className={classes.panel} aria-labelledby="contact-automations">
      <Title order={2} id="contact-automations" mb="sm">
        {t('automations.title')}
      </Title>
      {runs.isPending ? <Skeleton height={40} /> : null}
      {runs.data?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('automations.none')}
        </Text>
      ) : null}
      {runs.data?.map((run) => {
        const state = states[run.status ?? 'ended'] ?? 'left';
        return (
          <div key={run.id} className={classes.listRow}>
            <div>
              <Anchor component={AppLink} to={`/automations/${run.automation_id}/runs/${run.id}`} size="sm" c="inherit">
                {run.automation}
              </Anchor>
              <Text size="xs" c="dimmed">
                <When at={run.finished_at ?? run.entered_at} />
              </Text>
            </div>
            <StatusBadge tone={tones[state]} label={t(`automations.${state}`)} />
          </div>
        );
      })}
    </section>
  );
}
