import { formatNumber } from '@/ui/format';
import { Button, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { WarmUpDraft } from './planDraft';
import classes from './plan.module.css';
import { Row } from './Row';

type Choice = { value: string; label: string };
type Props = {
  rows: WarmUpDraft[];
  servers: Choice[];
  errors: Record<string, string>;
  onChange: (rows: WarmUpDraft[]) => void;
};

/** Daily volumes that rise until receivers know the sender. */
export function WarmUpRows({ rows, servers, errors, onChange }: Props) {
  const { t } = useTranslation('settings');
  const set = (at: number, part: Partial<WarmUpDraft>) =>
    onChange(rows.map((r, i) => (i === at ? { ...r, ...part } : r)));
  return (
    <>
      <ul className={classes.rows}>
        {rows.map((row, i) => (
          <Row
            key={i}
            name={t('plan.warm_up', { no: i + 1 })}
            onRemove={() => onChange(rows.filter((_, at) => at !== i))}
          >
            <Select
              label={t('plan.through')}
              w={170}
              clearable
              clearButtonProps={{ 'aria-label': t('plan.all_servers') }}
              placeholder={t('plan.all_servers')}
              data={servers}
              value={row.server}
              onChange={(server) => set(i, { server })}
            />
            <TextInput
              label={t('plan.to_domain')}
              placeholder={t('plan.all_domains')}
              w={150}
              value={row.domain}
              error={errors[`warm_ups.${i}.domain`]}
              onChange={(e) => set(i, { domain: e.currentTarget.value })}
            />
            <TextInput
              label={t('plan.starts_on')}
              type="date"
              w={150}
              value={row.starts_on}
              onChange={(e) => set(i, { starts_on: e.currentTarget.value })}
            />
            <NumberInput
              label={t('plan.first_volume')}
              w={120}
              min={1}
              value={row.first_volume}
              error={errors[`warm_ups.${i}.first_volume`]}
              onChange={(v) => set(i, { first_volume: Number(v) })}
            />
            <NumberInput
              label={t('plan.growth')}
              w={110}
              min={1.05}
              max={5}
              step={0.25}
              decimalScale={2}
              value={row.growth}
              error={errors[`warm_ups.${i}.growth`]}
              onChange={(v) => set(i, { growth: Number(v) })}
            />
            <NumberInput
              label={t('plan.target')}
              w={120}
              min={1}
              value={row.target}
              error={errors[`warm_ups.${i}.target`]}
              onChange={(v) => set(i, { target: Number(v) })}
            />
            {row.today === null ? null : (
              <Text size="xs" c="dimmed" w="100%">
                {t('plan.today', { taken: formatNumber(row.taken), today: formatNumber(row.today) })}
              </Text>
            )}
          </Row>
        ))}
      </ul>
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() =>
            onChange([
              ...rows,
              {
                server: null,
                domain: '',
                starts_on: new Date().toISOString().slice(0, 10),
                first_volume: 200,
                growth: 2,
                target: 50_000,
                today: null,
                taken: 0,
              },
            ])
          }
        >
          {t('plan.add_warm_up')}
        </Button>
      </div>
    </>
  );
}
