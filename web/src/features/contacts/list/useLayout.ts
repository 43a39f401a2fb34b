import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { useSession } from '@/api/session';
import type { GridColumn } from '@/ui/grid/types';
import { useLocalStorage } from '@mantine/hooks';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { shownValue } from '../profile/fieldValue';
import { contactColumns } from './columns';
import type { ContactRow } from './contactList';

type Field = components['schemas']['FieldView'];

/** Which columns, in which order, and how wide in pixels. Columns of custom fields are named by their id. */
export type GridLayout = { columns: readonly string[]; widths: Readonly<Record<string, number>> };

const prefix = 'field-';
/** The server gives the values of so many custom fields along with a list. */
export const maxFields = 20;

const fieldColumn = (f: Field): GridColumn<ContactRow> => ({
  id: `${prefix}${f.id}`,
  header: f.name,
  size: 150,
  cell: (c) => shownValue((c.fields as Record<string, string>)[String(f.id)] ?? null),
});

/** How this user likes the list to look; remembered in this browser, and under a name in saved views. */
export function useLayout(t: TFunction) {
  const { user } = useSession();
  const fields = api.useQuery('get', '/api/app/fields', {});
  const all = useMemo(() => [...contactColumns(t), ...(fields.data?.items ?? []).map(fieldColumn)], [t, fields.data]);
  const standard = useMemo(() => contactColumns(t).map((c) => c.id), [t]);
  const [layout, setLayout] = useLocalStorage<GridLayout>({
    key: `millrace.contacts.layout.${user.id}`,
    defaultValue: { columns: standard, widths: {} },
    getInitialValueInEffect: false,
  });
  const columns = useMemo(() => {
    const byId = new Map(all.map((c) => [c.id, c]));
    const shown = layout.columns.flatMap((id) => byId.get(id) ?? []);
    return shown.length > 0 ? shown : contactColumns(t);
  }, [all, layout.columns, t]);
  const fieldIds = columns.filter((c) => c.id.startsWith(prefix)).map((c) => Number(c.id.slice(prefix.length)));
  return {
    all,
    columns,
    fieldIds: fieldIds.slice(0, maxFields),
    layout,
    setLayout,
    isStandard: layout.columns.join() === standard.join() && Object.keys(layout.widths).length === 0,
    reset: () => setLayout({ columns: standard, widths: {} }),
  };
}
