import { toast, toastProblem } from '@/ui/toasts';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { activate, deactivate, publish } from '../api/automations';
import { admitStanding } from '../api/standing';

/** Publishing and the switch. Neither is optimistic: contacts are concerned. */
export function usePublishing(id: string, save: () => Promise<boolean>, onDone: () => void) {
  const { t } = useTranslation('automations');
  const [busy, setBusy] = useState(false);
  const during = useCallback(
    async (work: () => Promise<void>) => {
      setBusy(true);
      try {
        await work();
      } finally {
        setBusy(false);
        onDone();
      }
    },
    [onDone],
  );
  return {
    busy,
    publish: (andActivate: boolean, note: string, admit: boolean) =>
      during(async () => {
        await save();
        const { version, inside } = await publish(id, note);
        if (andActivate) await activate(id);
        if (admit) await admitStanding(id);
        const moved = inside.filter((m) => m.to !== m.from).reduce((sum, m) => sum + m.count, 0);
        toast(
          moved > 0
            ? t('publish.done_moved', { number: version, count: moved })
            : t('publish.done', { number: version }),
        );
      }),
    switchTo: (on: boolean) =>
      during(async () => void (await (on ? activate(id) : deactivate(id)))).catch(toastProblem),
  };
}
