import type { components } from '@/api/schema';
import { Text, UnstyledButton } from '@mantine/core';
import { IconAlertCircle, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './checks.module.css';

export type Finding = components['schemas']['ContentFinding'];

const looks = {
  error: [IconAlertCircle, 'var(--mantine-color-red-6)'],
  warning: [IconAlertTriangle, 'var(--mantine-color-orange-6)'],
  note: [IconInfoCircle, 'var(--mantine-color-blue-6)'],
} as const;

/** One finding; jumps to its block. */
export function FindingRow({ finding, onJump }: { finding: Finding; onJump: ((path: string) => void) | null }) {
  const { t } = useTranslation('emailEditor');
  const [Icon, colour] = looks[finding.severity];
  const inside = (
    <>
      <Icon size={17} color={colour} className={classes.icon} role="img" aria-label={t(`checks.${finding.severity}`)} />
      <span className={classes.words}>
        <Text size="sm" component="span" display="block">
          {finding.message}
        </Text>
        {finding.detail ? (
          <Text size="xs" c="dimmed" component="span" className={classes.detail}>
            {finding.detail}
          </Text>
        ) : null}
      </span>
    </>
  );
  return onJump && finding.path !== '' ? (
    <UnstyledButton className={`${classes.row} ${classes.jumps}`} onClick={() => onJump(finding.path)}>
      {inside}
    </UnstyledButton>
  ) : (
    <div className={classes.row}>{inside}</div>
  );
}
