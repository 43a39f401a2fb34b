import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page.module.css';

type Props = {
  title: string;
  /** For the window title: `title - area`. */
  area?: string;
  /** Beside the title: a status badge. */
  status?: ReactNode;
  /** One quiet line below the title. */
  subtitle?: ReactNode;
  /** Secondary actions, left of the main one. */
  actions?: ReactNode;
  /** The one main action. */
  main?: ReactNode;
};

/** One h1 and one main action, top right. */
export function PageHeader({ title, area, status, subtitle, actions, main }: Props) {
  return (
    <header className={classes.header}>
      <title>{`${title}${area ? ` - ${area}` : ''} - Millrace`}</title>
      <div className={classes.titles}>
        <Title order={1} tabIndex={-1} className={classes.title}>
          {title}
        </Title>
        {subtitle ? (
          <Text size="sm" c="dimmed">
            {subtitle}
          </Text>
        ) : null}
      </div>
      {status}
      <div className={classes.spring} />
      {actions || main ? (
        <div className={classes.doing}>
          {actions}
          {main}
        </div>
      ) : null}
    </header>
  );
}
