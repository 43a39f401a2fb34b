import { api } from '@/api/client';
import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import { accountForms } from '@/ui/schemaForm/accountReferences';
import { SchemaFormContext } from '@/ui/schemaForm/references';
import { defaultsOf, type OptionDescription } from '@/ui/schemaForm/types';
import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export type NewLinkAction = {
  cause: 'opened' | 'clicked';
  url: string | null;
  action: string;
  settings: Record<string, unknown>;
};

type Props = {
  links: readonly string[];
  /** What is chosen at first: a link, or one of the two words below. */
  initially?: string;
  saving: boolean;
  onClose: () => void;
  onAdd: (made: NewLinkAction) => void;
};

/** What sets an action off that is not one certain link. */
export const opens = 'opened';
export const anyLink = 'any';

/** When, and what: the options are drawn from the description of the action. */
export function LinkActionDialog({ links, initially = anyLink, saving, onClose, onAdd }: Props) {
  const { t } = useTranslation(['linkActions', 'common']);
  const actions = api.useQuery('get', '/api/app/contacts/bulk/actions', {});
  const [when, setWhen] = useState(initially);
  const [key, setKey] = useState<string | null>(null);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const offered = (actions.data?.items ?? []).filter((a) => a.allowed && !a.is_destructive);
  const chosen = offered.find((a) => a.key === key);
  const options = ((chosen?.options ?? []) as readonly OptionDescription[]).map((o) => ({
    ...o,
    creatable: o.source === 'tag' || o.source === 'list',
  }));
  const ready =
    chosen !== undefined &&
    options.every(
      (o) => !o.required || (values[o.key] !== undefined && values[o.key] !== null && values[o.key] !== ''),
    );
  const choose = (next: string | null) => {
    setKey(next);
    setValues(defaultsOf((offered.find((a) => a.key === next)?.options ?? []) as readonly OptionDescription[]));
  };
  const add = () =>
    onAdd({
      cause: when === opens ? 'opened' : 'clicked',
      url: when === opens || when === anyLink ? null : when,
      action: key ?? '',
      // Pickers hold ids as text; the server wants numbers.
      settings: Object.fromEntries(
        options
          .filter((o) => values[o.key] !== undefined && values[o.key] !== null && values[o.key] !== '')
          .map((o) => [o.key, o.type === 'reference' ? Number(values[o.key]) : values[o.key]]),
      ),
    });
  return (
    <Modal opened onClose={onClose} title={t('dialog')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Stack gap="md">
        <Select
          label={t('when')}
          allowDeselect={false}
          value={when}
          onChange={(value) => setWhen(value ?? anyLink)}
          data={[
            { value: opens, label: t('on_open') },
            { value: anyLink, label: t('on_any') },
            ...links.map((link) => ({ value: link, label: t('on_link', { link }) })),
          ]}
        />
        <Select
          label={t('what')}
          placeholder={t('choose')}
          value={key}
          onChange={choose}
          data={offered.map((a) => ({ value: a.key, label: a.title }))}
        />
        {chosen ? (
          <SchemaFormContext value={accountForms}>
            <SchemaForm options={options} values={values} onChange={setValues} />
          </SchemaFormContext>
        ) : null}
      </Stack>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button disabled={!ready} loading={saving} onClick={add}>
          {t('add')}
        </Button>
      </Group>
    </Modal>
  );
}
