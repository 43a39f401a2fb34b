import { Button, Group, Modal, Radio, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ConflictDialog.module.css';
import { inConflict, onlyTheirs, type ConflictField, type Side } from './conflicts';

type Props = {
  /** The object's name: "Ann Lee". */
  name: string;
  fields: readonly ConflictField[];
  /** For each field in conflict the side that stays. */
  onResolve: (chosen: Record<string, Side>) => unknown;
  /** Nothing is saved and what was typed stays in the form. */
  onClose: () => void;
};

/**
 * Two people changed the same thing (409, 412): both versions side by side, field by field, theirs chosen at first. Show it only when
 * `inConflict` is not empty; where it is, the change can be sent again on the new version without asking.
 */
export function ConflictDialog({ name, fields, onResolve, onClose }: Props) {
  const { t } = useTranslation(['conflict', 'common']);
  const asked = inConflict(fields);
  const also = onlyTheirs(fields);
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const [busy, setBusy] = useState(false);
  const side = (key: string) => chosen[key] ?? 'theirs';
  const keepsMine = asked.some((f) => side(f.key) === 'mine');
  const resolve = async () => {
    setBusy(true);
    try {
      await onResolve(Object.fromEntries(asked.map((f) => [f.key, side(f.key)])));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('title', { name })}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t('text')}
      </Text>
      {asked.map((f) => (
        <Radio.Group
          key={f.key}
          label={f.label}
          value={side(f.key)}
          onChange={(v) => setChosen((now) => ({ ...now, [f.key]: v as Side }))}
          className={classes.field}
        >
          <div className={classes.sides}>
            {(['theirs', 'mine'] as const).map((s) => (
              <Radio.Card key={s} value={s} className={classes.side} aria-label={`${t(s)}: ${f[s] || t('empty')}`}>
                <Radio.Indicator size="xs" className={classes.mark} />
                <span className={classes.words}>
                  <span className={classes.who}>{t(s)}</span>
                  <span className={classes.value} data-empty={f[s] === '' || undefined}>
                    {f[s] || t('empty')}
                  </span>
                </span>
              </Radio.Card>
            ))}
          </div>
          <Text size="xs" c="dimmed" mt={4}>
            {t('before', { value: f.base || t('empty') })}
          </Text>
        </Radio.Group>
      ))}
      {also.length > 0 ? (
        <Text size="xs" c="dimmed" mt="sm">
          {t('also', { fields: also.map((f) => f.label).join(', ') })}
        </Text>
      ) : null}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('back')}
        </Button>
        <Button data-autofocus loading={busy} onClick={() => void resolve()}>
          {t(keepsMine ? 'save_chosen' : 'keep_theirs')}
        </Button>
      </Group>
    </Modal>
  );
}
