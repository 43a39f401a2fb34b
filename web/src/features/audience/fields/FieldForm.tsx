import { client } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group as Row, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldBody, fieldValues, keyFrom } from './fieldForm';
import { OptionsEditor } from './OptionsEditor';
import { fieldTypes, hasOptions, useFields, type Field, type FieldType, type Group } from './useFields';

type Props = { field: Field | null; groups: readonly Group[]; onDone: () => void };

/** Everything about one field. Its type is chosen once, because the values are stored by it. */
export function FieldForm({ field, groups, onDone }: Props) {
  const { t } = useTranslation('audience');
  const { refresh } = useFields();
  const form = useForm({
    initialValues: fieldValues(field),
    validate: {
      name: (v) => (v.trim() === '' ? t('name_missing') : null),
      options: (v, all) =>
        hasOptions(all.type) && v.every((o) => o.value.trim() === '') ? t('fields.options_missing') : null,
    },
  });
  const v = form.values;
  const save = useMutation({
    mutationFn: () =>
      field
        ? client.PUT('/api/app/fields/{id}', { params: { path: { id: field.id } }, body: fieldBody(v) })
        : client.POST('/api/app/fields', { body: fieldBody(v) }),
    onSuccess: async () => {
      toast(t(field ? 'saved' : 'fields.created', { name: v.name }));
      await refresh();
      onDone();
    },
    onError: (problem) =>
      form.setErrors(toProblem(problem).status === 409 ? { name: problemText(problem).text } : fieldErrors(problem)),
  });
  const problem = save.error && toProblem(save.error);
  const optionsError = Object.entries(form.errors).find(([path]) => path.startsWith('options'))?.[1];
  return (
    <form onSubmit={form.onSubmit(() => save.mutate())} noValidate>
      <Stack gap="md">
        {problem && problem.errors.length === 0 && problem.status !== 409 ? (
          <Alert color="red">{problemText(problem).text}</Alert>
        ) : null}
        <TextInput label={t('name')} withAsterisk data-autofocus {...form.getInputProps('name')} />
        <Select
          label={t('fields.type')}
          {...(field ? { description: t('fields.type_fixed') } : {})}
          disabled={field !== null}
          allowDeselect={false}
          maxDropdownHeight={400}
          data={fieldTypes.map((type) => ({ value: type, label: t(`fields.types.${type}`) }))}
          value={v.type}
          onChange={(type) => type && form.setFieldValue('type', type as FieldType)}
        />
        {hasOptions(v.type) ? (
          <OptionsEditor
            options={v.options}
            onChange={(options) => form.setFieldValue('options', options)}
            many={v.type === 'listbox' || v.type === 'checkbox'}
            error={optionsError}
            existing={field !== null}
          />
        ) : null}
        <TextInput
          label={t('fields.tag')}
          description={t('fields.tag_help')}
          placeholder={keyFrom(v.name)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('key')}
          onChange={(e) => form.setFieldValue('key', e.currentTarget.value.toUpperCase().replace(/[^A-Z0-9_]/g, '_'))}
        />
        <Select
          label={t('fields.group')}
          placeholder={t('fields.general')}
          clearable
          data={groups.map((g) => ({ value: String(g.id), label: g.name }))}
          {...form.getInputProps('group_id')}
        />
        {hasOptions(v.type) ? null : (
          <TextInput
            label={t('fields.default')}
            description={t('fields.default_help')}
            {...form.getInputProps('default_value')}
          />
        )}
        <Textarea label={t('description')} autosize {...form.getInputProps('description')} />
        <Switch label={t('fields.required')} {...form.getInputProps('required', { type: 'checkbox' })} />
        <Switch label={t('fields.visible')} {...form.getInputProps('visible', { type: 'checkbox' })} />
        <Row justify="flex-end" mt="sm">
          <Button variant="default" onClick={onDone}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {field ? t('save') : t('fields.create')}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
