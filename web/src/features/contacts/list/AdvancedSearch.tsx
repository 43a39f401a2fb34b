import { client } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { queryClient } from '@/api/queryClient';
import { ConditionTree } from '@/ui/conditions/ConditionTree';
import { CountLine } from '@/ui/conditions/CountLine';
import { editable, isAsking } from '@/ui/conditions/tree';
import { useConditionCatalogue } from '@/ui/conditions/useConditionCatalogue';
import { usePreview } from '@/ui/conditions/usePreview';
import { ErrorState } from '@/ui/ErrorState';
import { problemText } from '@/ui/problemText';
import { accountForms } from '@/ui/schemaForm/accountReferences';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import { SidePanel } from '@/ui/SidePanel';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maxTree, type ContactSearch } from './search';

type Props = {
  search: ContactSearch;
  manages: boolean;
  /** Filters the list. */
  onShow: (part: Partial<Record<keyof ContactSearch, unknown>>) => void;
  onClose: () => void;
};

/** The condition editor beside the list: filters it, and saves what it asks as a segment. */
export function AdvancedSearch({ search, manages, onShow, onClose }: Props) {
  const { t } = useTranslation(['contacts', 'common']);
  const catalogue = useConditionCatalogue();
  const [tree, setTree] = useState(() => editable(search.conditions));
  const [name, setName] = useState<string | null>(null);
  const preview = usePreview(tree, { sample: 0 });
  const save = useMutation({
    mutationFn: async (as: string) => {
      const body = { name: as, conditions: tree as never, description: '' };
      const { data } = await client.POST('/api/app/segments', { body });
      return data;
    },
    onSuccess: (made, as) => {
      if (made === undefined) return;
      toast(t('advanced.saved', { name: as }));
      void queryClient.invalidateQueries({ queryKey: ['segments'] });
      void queryClient.invalidateQueries({ queryKey: ['references', 'segment'] });
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/app/references/{source}'] });
      onShow({ segment: made.id, conditions: undefined });
    },
  });
  const ready = isAsking(tree);
  const isLong = JSON.stringify(tree).length > maxTree;
  return (
    <SidePanel opened onClose={onClose} title={t('advanced.title')} width={760}>
      {catalogue.error ? (
        <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />
      ) : catalogue.data === undefined ? (
        <Skeleton height={160} />
      ) : (
        <SchemaFormContext value={accountForms}>
          <Stack gap="md">
            <ConditionTree
              label={t('advanced.title')}
              value={tree}
              onChange={setTree}
              catalogue={catalogue.data}
              errors={preview.errors}
              words={preview.fresh ? preview.data?.words : undefined}
            />
            <CountLine preview={preview} />
            <Text size="xs" c="dimmed">
              {t('advanced.together')}
            </Text>
            {isLong ? <Alert color="yellow">{t('advanced.too_long')}</Alert> : null}
            <Group>
              <Button disabled={!ready || isLong} onClick={() => onShow({ conditions: tree })}>
                {t('advanced.show')}
              </Button>
              {manages ? (
                <Button variant="default" disabled={!ready} onClick={() => setName('')}>
                  {t('advanced.save_as')}
                </Button>
              ) : null}
              {search.conditions ? (
                <Button variant="subtle" onClick={() => onShow({ conditions: undefined })}>
                  {t('advanced.remove')}
                </Button>
              ) : null}
            </Group>
            {name === null ? null : (
              <form
                onSubmit={(e) => {
                  e.preventDefault();
                  save.mutate(name.trim());
                }}
              >
                <Group align="end" gap="sm">
                  <TextInput
                    flex={1}
                    autoFocus
                    label={t('advanced.name')}
                    maxLength={200}
                    value={name}
                    error={save.error ? (fieldErrors(save.error)['name'] ?? problemText(save.error).text) : undefined}
                    onChange={(e) => setName(e.currentTarget.value)}
                  />
                  <Button type="submit" loading={save.isPending} disabled={name.trim() === '' || !ready}>
                    {t('advanced.save')}
                  </Button>
                </Group>
              </form>
            )}
          </Stack>
        </SchemaFormContext>
      )}
    </SidePanel>
  );
}
