import { useSchemaFormServices } from '@/ui/schemaForm/references';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { associationOf } from '../model/association';
import type { AutomationDocument } from '../model/document';

/** In plain words: what the unsubscribe link of this automation's mails takes contacts off, as things stand. */
export function AssociatedLists({ document }: { document: AutomationDocument }) {
  const { t } = useTranslation('automations');
  const { references } = useSchemaFormServices();
  const { chosen, lists, entry } = associationOf(document);
  const ids = lists.map(String);
  const names = useQuery({
    queryKey: ['references', 'list', ids],
    queryFn: ({ signal }) => references.resolve('list', ids, signal),
    enabled: ids.length > 0,
    staleTime: 60_000,
  });
  const named = new Intl.ListFormat(navigator.language).format(
    ids.map((id) => names.data?.find((n) => n.value === id)?.label ?? t('association.deleted')),
  );
  if (ids.length > 0 && !names.data) return null;
  const key = ids.length > 0 ? (chosen ? 'chosen' : entry ? 'named_entry' : 'named') : entry ? 'entry' : 'all';
  return (
    <Text size="sm" role="note">
      {t(`association.${key}`, { lists: named })}
    </Text>
  );
}
