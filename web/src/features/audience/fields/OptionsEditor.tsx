import { SortableList } from '@/ui/dnd/SortableList';
import { ActionIcon, Button, Checkbox, Input, Text, TextInput, Tooltip } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './fields.module.css';
import { newOption, type OptionDraft } from './fieldForm';

type Props = {
  options: OptionDraft[];
  onChange: (options: OptionDraft[]) => void;
  /** Several options may be the default. */
  many: boolean;
  /** The field has values already. */
  existing: boolean;
  error?: ReactNode;
};

/** The options of a choice, in their order; Enter makes the next one. */
export function OptionsEditor({ options, onChange, many, existing, error }: Props) {
  const { t } = useTranslation('audience');
  const change = (key: string, part: Partial<OptionDraft>) =>
    onChange(
      options.map((o) =>
        o.key === key ? { ...o, ...part } : part.is_default && !many ? { ...o, is_default: false } : o,
      ),
    );
  const add = () => onChange([...options, newOption()]);
  return (
    <Input.Wrapper label={t('fields.options')} error={error} labelElement="div">
      <SortableList
        label={t('fields.options')}
        items={options}
        itemId={(o) => o.key}
        itemLabel={(o) => o.value || t('fields.new_option')}
        onOrder={onChange}
      >
        {(option, index) => (
          <div className={classes.option}>
            <TextInput
              flex={1}
              aria-label={t('fields.option', { n: index + 1 })}
              value={option.value}
              autoFocus={index > 1 && option.value === '' && index === options.length - 1}
              onChange={(e) => {
                const value = e.currentTarget.value;
                change(option.key, option.label === option.value ? { value, label: value } : { value });
              }}
              onKeyDown={(e) => {
                if (e.key !== 'Enter') return;
                e.preventDefault();
                add();
              }}
            />
            <Tooltip label={t('fields.option_default')}>
              <Checkbox
                size="xs"
                aria-label={t('fields.option_default_of', { n: index + 1 })}
                checked={option.is_default}
                onChange={(e) => change(option.key, { is_default: e.currentTarget.checked })}
              />
            </Tooltip>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('fields.option_remove', { n: index + 1 })}
              onClick={() => onChange(options.filter((o) => o.key !== option.key))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </div>
        )}
      </SortableList>
      <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
        {t('fields.option_add')}
      </Button>
      {existing ? (
        <Text size="xs" c="dimmed" mt={4}>
          {t('fields.options_note')}
        </Text>
      ) : null}
    </Input.Wrapper>
  );
}
