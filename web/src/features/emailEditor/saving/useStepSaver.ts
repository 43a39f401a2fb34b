import { client } from '@/api/client';
import { problemKind } from '@/api/problem';
import type { components } from '@/api/schema';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { MailContent } from '../document/store';
import { findStep, readStep, replaceStep, sameStep, writeStep } from './step';

type Draft = components['schemas']['AutomationDetail'];

/**
 * Saves the step into the automation's draft. When someone changed other parts of the draft meanwhile, the step is put into
 * theirs: only this step is edited here, so nothing of the others is lost. When they changed this very step, saving is
 * refused until a person has chosen.
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
  const fresh = async () => {
    const { data } = await client.GET('/api/app/automations/{id}', { params: { path: { id } } });
    if (data === undefined) throw new Error('The automation could not be loaded.');
    return data;
  };
  const save = async (content: MailContent) => {
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
    try {
      await put(base.current ?? (await fresh()));
    } catch (error) {
      if (!['version_conflict', 'conflict'].includes(problemKind(error))) throw error;
      const theirs = await fresh();
      const before = base.current;
      if (before && !sameStep(findStep(before.document, stepId), findStep(theirs.document, stepId))) throw error;
      await put(theirs);
    }
  };
  const loadTheirs = async () => {
    const theirs = await fresh();
    const step = findStep(theirs.document, stepId);
    if (step === null) throw new Error(`The step ${stepId} is no longer in the automation.`);
    base.current = theirs;
    return readStep(step, theirs.name);
  };
  return { save, loadTheirs };
}
