import { toastProblem } from '@/ui/toasts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { assignLabels, changeLabel, createLabel, deleteLabel, listLabels } from '../api/automations';
import type { Label, LabelInput } from '../api/types';

export const colours = [
  'gray',
  'red',
  'pink',
  'grape',
  'violet',
  'indigo',
  'blue',
  'cyan',
  'teal',
  'green',
  'lime',
  'yellow',
  'orange',
] as const;

const none: readonly Label[] = [];

/** The labels of the account, by name; empty until they are there. */
export function useLabels(): readonly Label[] {
  const { data } = useQuery({
    queryKey: ['automations', 'labels'],
    queryFn: ({ signal }) => listLabels(signal),
    staleTime: 60_000,
  });
  return data ?? none;
}

/** Everything one can do with labels; the list and the labels show it at once. */
export function useLabelCommands() {
  const queryClient = useQueryClient();
  const onSuccess = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['automations', 'labels'] }),
      queryClient.invalidateQueries({ queryKey: ['automations', 'list'] }),
    ]);
  return {
    create: useMutation({ mutationFn: (body: LabelInput) => createLabel(body), onSuccess, onError: toastProblem }),
    change: useMutation({
      mutationFn: ({ id, ...body }: LabelInput & { id: number }) => changeLabel(id, body),
      onSuccess,
      onError: toastProblem,
    }),
    remove: useMutation({ mutationFn: (id: number) => deleteLabel(id), onSuccess, onError: toastProblem }),
    assign: useMutation({
      mutationFn: ({ automations, add, remove }: Assignment) => assignLabels(automations, add, remove),
      onSuccess,
      onError: toastProblem,
    }),
  };
}

export type Assignment = { automations: readonly number[]; add: readonly number[]; remove: readonly number[] };
