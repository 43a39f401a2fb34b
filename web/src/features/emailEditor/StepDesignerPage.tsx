import { api } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { AppLink } from '@/ui/AppLink';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { Button } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Designer } from './Designer';
import { findStep, readStep } from './saving/step';
import { useStepSaver } from './saving/useStepSaver';

/** The mail of an automation's step; it lives in the automation's draft. */
export function StepDesignerPage() {
  const { t } = useTranslation('emailEditor');
  const params = useParams({ strict: false }) as { id?: string; step?: string };
  const id = Number(params.id);
  const stepId = params.step ?? '';
  const query = api.useQuery(
    'get',
    '/api/app/automations/{id}',
    { params: { path: { id } } },
    { staleTime: 0, gcTime: 0, refetchOnReconnect: false },
  );
  const saver = useStepSaver(id, stepId, query.data);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <PageSkeleton />;
  const step = findStep(query.data.document, stepId);
  const back = `/automations/${id}`;
  if (step === null)
    return (
      <EmptyState
        icon={IconMailOff}
        title={t('step.gone')}
        text={t('step.gone_text')}
        action={
          <Button component={AppLink} to={back}>
            {t('step.back')}
          </Button>
        }
      />
    );
  return (
    <Designer
      key={`${id}.${stepId}`}
      content={readStep(step, query.data.name)}
      back={{ to: back, search: { step: stepId }, place: 'automation' }}
      {...saver}
    />
  );
}
