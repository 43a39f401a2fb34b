import { client } from '@/api/client';
import { problemKind } from '@/api/problem';
import type { components } from '@/api/schema';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { MailContent } from '../document/store';
import { findStep, replaceStep, writeStep } from './step';

type Draft = components['schemas']['AutomationDetail'];

/**
 * Saves the step into the automation's draft. When someone changed the draft meanwhile, the step is put into theirs: only
 * this step is edited here, so nothing of the others is lost.
 */
export function useStepSaver(id: number, stepId: string, loaded: Draft | undefined) {
  const queryClient = useQueryClient();
  const base = useRef<Draft | null>(null);
  useEffect(() => {
    base.current ??= loaded ?? null;
  }, [loaded]);
  useEffect(
    () => () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/app/automations/{id}'] }),
    [queryClient],
  );
  return async (content: MailContent) => {
    const put = async (draft: Draft) => {
      const step = findStep(draft.document, stepId);
      if (step === null) throw new Error(`The step ${stepId} is no longer in the automation.`);
      const document = replaceStep(draft.document, stepId, writeStep(step, content)) as Draft['document'];
      const { data } = await client.PUT('/api/app/automations/{id}', {
        params: { path: { id }, header: { 'If-Match': `"${draft.revision}"` } },
        body: { name: draft.name, description: draft.description, document },
      });
      base.current = { ...draft, document, revision: data?.revision ?? draft.revision };
    };
    const fresh = async () => {
      const { data } = await client.GET('/api/app/automations/{id}', { params: { path: { id } } });
      if (data === undefined) throw new Error('The automation could not be loaded.');
      return data;
    };
    try {
      await put(base.current ?? (await fresh()));
    } catch (error) {
      if (!['version_conflict', 'conflict'].includes(problemKind(error))) throw error;
      await put(await fresh());
    }
  };
}
