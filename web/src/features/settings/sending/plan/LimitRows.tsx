import { Button, NumberInput, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { LimitDraft } from './planDraft';
import classes from './plan.module.css';
import { Row } from './Row';

type Props = { rows: LimitDraft[]; errors: Record<string, string>; onChange: (rows: LimitDraft[]) => void };

/** How fast mail may go to a domain, and how many at once. */
export function LimitRows({ rows, errors, onChange }: Props) {
  const { t } = useTranslation('settings');
  const set = (at: number, part: Partial<LimitDraft>) =>
    onChange(rows.map((r, i) => (i === at ? { ...r, ...part } : r)));
  return (
    <>
      <ul className={classes.rows}>
        {rows.map((row, i) => (
          <Row key={i} name={row.domain} onRemove={() => onChange(rows.filter((_, at) => at !== i))}>
            <TextInput
              label={t('plan.to_domain')}
              placeholder="gmail.com"
              w={210}
              value={row.domain}
              error={errors[`limits.${i}.domain`]}
              onChange={(e) => set(i, { domain: e.currentTarget.value })}
            />
            <NumberInput
              label={t('plan.per_second')}
              w={150}
              min={0.001}
              max={10000}
              value={row.per_second}
              onChange={(v) => set(i, { per_second: Number(v) })}
            />
            <NumberInput
              label={t('plan.connections')}
              w={150}
              min={1}
              max={200}
              value={row.connections}
              onChange={(v) => set(i, { connections: Number(v) })}
            />
          </Row>
        ))}
      </ul>
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...rows, { domain: '', per_second: 5, connections: 3 }])}
        >
          {t('plan.add_limit')}
        </Button>
      </div>
    </>
  );
}
