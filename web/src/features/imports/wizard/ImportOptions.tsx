import { api } from '@/api/client';
import { TagNamesInput } from '@/ui/people/TagNamesInput';
import { MultiSelect, Stack, Switch, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export type Options = {
  lists: number[];
  tags: string[];
  updateExisting: boolean;
  overwriteWithBlank: boolean;
  triggerAutomations: boolean;
};

export const noOptions: Options = {
  lists: [],
  tags: [],
  updateExisting: true,
  overwriteWithBlank: false,
  triggerAutomations: true,
};

/** What happens with everyone in the file. */
export function ImportOptions({ options, onChange }: { options: Options; onChange: (options: Options) => void }) {
  const { t } = useTranslation('imports');
  const lists = api.useQuery('get', '/api/app/lists', {});
  const set = (part: Partial<Options>) => onChange({ ...options, ...part });
  return (
    <Stack gap="md">
      <Title order={2}>{t('options.title')}</Title>
      <MultiSelect
        label={t('options.lists')}
        description={t('options.lists_help')}
        searchable
        data={(lists.data?.items ?? []).map((l) => ({ value: String(l.id), label: l.name }))}
        value={options.lists.map(String)}
        onChange={(ids) => set({ lists: ids.map(Number) })}
      />
      <TagNamesInput
        label={t('options.tags')}
        description={t('options.tags_help')}
        value={options.tags}
        onChange={(tags) => set({ tags })}
      />
      <Switch
        label={t('options.update')}
        description={t('options.update_help')}
        checked={options.updateExisting}
        onChange={(e) => set({ updateExisting: e.currentTarget.checked })}
      />
      <Switch
        label={t('options.blank')}
        description={t('options.blank_help')}
        disabled={!options.updateExisting}
        checked={options.updateExisting && options.overwriteWithBlank}
        onChange={(e) => set({ overwriteWithBlank: e.currentTarget.checked })}
      />
      <Switch
        label={t('options.trigger')}
        description={t('options.trigger_help')}
        checked={options.triggerAutomations}
        onChange={(e) => set({ triggerAutomations: e.currentTarget.checked })}
      />
    </Stack>
  );
}
