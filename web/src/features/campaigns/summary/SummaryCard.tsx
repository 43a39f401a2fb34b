import { ActionIcon, Card, Text, Title } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleDashed, IconPencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../campaigns.module.css';

type Props = {
  title: string;
  done: boolean;
  /** What has been decided, in a line. */
  line: ReactNode;
  onEdit?: (() => void) | undefined;
  children?: ReactNode;
};

/** One decision: whether it is made, what it is, and its pencil. */
export function SummaryCard({ title, done, line, onEdit, children }: Props) {
  const { t } = useTranslation('campaigns');
  return (
    <Card withBorder radius="md" padding="md" component="section" aria-label={title}>
      <div className={classes.cardHead}>
        {done ? (
          <IconCircleCheckFilled
            size={22}
            className={classes.tick}
            color="var(--mantine-color-teal-6)"
            role="img"
            aria-label={t('card.done')}
          />
        ) : (
          <IconCircleDashed
            size={22}
            className={classes.tick}
            color="var(--mantine-color-orange-6)"
            role="img"
            aria-label={t('card.open')}
          />
        )}
        <div className={classes.cardBody}>
          <Title order={2} size="h5">
            {title}
          </Title>
          <Text size="sm" c="dimmed" component="div">
            {line}
          </Text>
          {children}
        </div>
        {onEdit ? (
          <ActionIcon variant="subtle" color="gray" onClick={onEdit} aria-label={t('card.edit', { what: title })}>
            <IconPencil size={18} aria-hidden />
          </ActionIcon>
        ) : null}
      </div>
    </Card>
  );
}
