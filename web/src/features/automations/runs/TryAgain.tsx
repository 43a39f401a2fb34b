import { toast, toastProblem } from '@/ui/toasts';
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { commandRun } from '../api/automations';
import { useBuilder } from '../builder/context';

/** Lets one stuck contact go on, from its path. */
export function TryAgain({ run }: { run: number }) {
  const { t } = useTranslation('automations');
  const { automationId } = useBuilder();
  const queryClient = useQueryClient();
  const again = useMutation({
    mutationFn: () => commandRun(run, 'retry'),
    onSuccess: () => {
      toast(t('people.done.retry'));
      return queryClient.invalidateQueries({ queryKey: ['automations', automationId] });
    },
    onError: toastProblem,
  });
  return (
    <Button
      size="compact-xs"
      variant="light"
      mt={6}
      loading={again.isPending}
      leftSection={<IconRefresh size={12} aria-hidden />}
      onClick={() => again.mutate()}
    >
      {t('people.retry')}
    </Button>
  );
}
