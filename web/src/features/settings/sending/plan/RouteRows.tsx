import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RouteDraft } from './planDraft';
import classes from './plan.module.css';
import { Row } from './Row';

type Choice = { value: string; label: string };
type Props = {
  rows: RouteDraft[];
  servers: Choice[];
  errors: Record<string, string>;
  onChange: (rows: RouteDraft[]) => void;
};

/** Rules in order: which mail, to whom, through which servers and how much through each. */
export function RouteRows({ rows, servers, errors, onChange }: Props) {
  const { t } = useTranslation('settings');
  const set = (at: number, part: Partial<RouteDraft>) =>
    onChange(rows.map((r, i) => (i === at ? { ...r, ...part } : r)));
  const share = (row: RouteDraft, server: string) => row.servers.find((s) => s.server === server)?.share;
  const setShare = (at: number, row: RouteDraft, server: string, value: number | null) =>
    set(at, {
      servers: servers.flatMap((s) => {
        const now = s.value === server ? value : share(row, s.value);
        return now === null || now === undefined ? [] : [{ server: s.value, share: now }];
      }),
    });
  return (
    <>
      <ul className={classes.rows}>
        {rows.map((row, i) => (
          <Row key={i} name={t('plan.rule', { no: i + 1 })} onRemove={() => onChange(rows.filter((_, at) => at !== i))}>
            <Select
              label={t('plan.lane')}
              w={170}
              clearable
              clearButtonProps={{ 'aria-label': t('plan.all_mail') }}
              placeholder={t('plan.all_mail')}
              data={(['transactional', 'automation', 'campaign'] as const).map((value) => ({
                value,
                label: t(`plan.lanes.${value}`),
              }))}
              value={row.lane}
              onChange={(lane) => set(i, { lane })}
            />
            <TextInput
              label={t('plan.to_domain')}
              placeholder={t('plan.all_domains')}
              w={170}
              value={row.domain}
              error={errors[`routes.${i}.domain`]}
              onChange={(e) => set(i, { domain: e.currentTarget.value })}
            />
            {servers.map((s) => (
              <NumberInput
                key={s.value}
                label={t('plan.share_of', { server: s.label })}
                placeholder={t('plan.not_used')}
                w={150}
                min={0}
                max={1000}
                value={share(row, s.value) ?? ''}
                error={errors[`routes.${i}.servers`]}
                onChange={(v) => setShare(i, row, s.value, v === '' ? null : Number(v))}
              />
            ))}
          </Row>
        ))}
      </ul>
      <div>
        <Button
          variant="default"
          size="xs"
          disabled={servers.length < 2}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() =>
            onChange([
              ...rows,
              { lane: null, domain: '', servers: servers.map((s) => ({ server: s.value, share: 1 })) },
            ])
          }
        >
          {t('plan.add_rule')}
        </Button>
      </div>
    </>
  );
}
