import { findReferences } from '@/ui/schemaForm/accountReferences';
import { Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

/** @param message One of the account, whose content takes the place of the recipe's. @param subject Null: the content's own. */
export type MailChoice = { message: number | null; subject: string | null };
type Props = { subject: string; choice: MailChoice | undefined; onChange: (choice: MailChoice) => void };

const own = 'recipe';

/** A mail of the recipe: its subject, and whether its content is the recipe's or that of a mail there is. */
export function MailField({ subject, choice = { message: null, subject: null }, onChange }: Props) {
  const { t } = useTranslation('automations');
  const mails = useQuery({
    queryKey: ['references', 'message', 'recipe'],
    queryFn: ({ signal }) => findReferences('message', {}, signal),
  });
  return (
    <Stack gap={4}>
      <TextInput
        label={t('recipes.mail', { subject })}
        maxLength={1000}
        value={choice.subject ?? subject}
        onChange={(e) => onChange({ ...choice, subject: e.currentTarget.value })}
      />
      {(mails.data ?? []).length > 0 ? (
        <Select
          aria-label={t('recipes.mail_content', { subject })}
          size="xs"
          searchable
          allowDeselect={false}
          data={[
            { value: own, label: t('recipes.mail_own') },
            ...(mails.data ?? []).map((m) => ({
              value: m.value,
              label: t('recipes.mail_copy', { name: m.label === '' ? `#${m.value}` : m.label }),
            })),
          ]}
          value={choice.message === null ? own : String(choice.message)}
          onChange={(value) => onChange({ ...choice, message: value === own || value === null ? null : Number(value) })}
        />
      ) : null}
    </Stack>
  );
}
