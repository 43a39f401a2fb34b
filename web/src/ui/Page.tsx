import type { ReactNode } from 'react';
import classes from './page.module.css';

/** The padded column of a page; `wide` for grids and boards. */
export const Page = ({ wide, children }: { wide?: boolean; children: ReactNode }) => (
  <div className={wide ? `${classes.page} ${classes.wide}` : classes.page}>{children}</div>
);
