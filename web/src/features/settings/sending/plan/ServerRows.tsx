import { Button, NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { newKey, type PlanDraft, type ServerDraft } from './planDraft';
import classes from './plan.module.css';
import { Row } from './Row';

type Props = { draft: PlanDraft; errors: Record<string, string>; onChange: (rows: ServerDraft[]) => void };

/** Servers beside the first one. */
export function ServerRows({ draft, errors, onChange }: Props) {
  const { t } = useTranslation('settings');
  const rows = draft.servers;
  const set = (at: number, part: Partial<ServerDraft>) =>
    onChange(rows.map((r, i) => (i === at ? { ...r, ...part } : r)));
  const error = (at: number, field: string) => errors[`servers.${at}.${field}`] ?? errors[`servers/${at}/${field}`];
  return (
    <>
      <ul className={classes.rows}>
        {rows.map((s, i) => (
          <Row key={s.key} name={s.name} onRemove={() => onChange(rows.filter((_, at) => at !== i))}>
            <TextInput
              label={t('plan.name')}
              value={s.name}
              flex="1 1 150px"
              error={error(i, 'name')}
              onChange={(e) => set(i, { name: e.currentTarget.value })}
            />
            <TextInput
              label={t('plan.host')}
              value={s.host}
              flex="2 1 210px"
              error={error(i, 'host')}
              onChange={(e) => set(i, { host: e.currentTarget.value })}
            />
            <NumberInput
              label={t('plan.port')}
              value={s.port}
              flex="0 1 86px"
              min={1}
              max={65535}
              hideControls
              error={error(i, 'port')}
              onChange={(v) => set(i, { port: Number(v) })}
            />
            <Select
              label={t('plan.tls')}
              flex="1 1 130px"
              allowDeselect={false}
              data={(['start_tls', 'implicit', 'none'] as const).map((value) => ({
                value,
                label: t(`plan.tls_kinds.${value}`),
              }))}
              value={s.tls}
              onChange={(v) => set(i, { tls: (v as ServerDraft['tls'] | null) ?? 'start_tls' })}
            />
            <TextInput
              label={t('plan.user')}
              value={s.user_name}
              flex="1 1 150px"
              autoComplete="off"
              onChange={(e) => set(i, { user_name: e.currentTarget.value })}
            />
            <PasswordInput
              label={t('plan.password')}
              flex="1 1 150px"
              autoComplete="new-password"
              value={s.password ?? ''}
              placeholder={s.has_secret && s.password === null ? t('plan.stored') : ''}
              onChange={(e) => set(i, { password: e.currentTarget.value })}
            />
            <Switch
              label={t('plan.is_on')}
              checked={s.is_on}
              w="100%"
              onChange={(e) => set(i, { is_on: e.currentTarget.checked })}
            />
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
                key: newKey(draft),
                id: null,
                name: '',
                host: '',
                port: 587,
                tls: 'start_tls',
                user_name: '',
                password: null,
                has_secret: false,
                is_on: true,
              },
            ])
          }
        >
          {t('plan.add_server')}
        </Button>
      </div>
    </>
  );
}
