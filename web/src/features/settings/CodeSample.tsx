import { CopyButton } from '@/ui/CopyButton';
import classes from './settings.module.css';

/** Something to paste into a shell or a program. */
export const CodeSample = ({ code, label }: { code: string; label: string }) => (
  <div className={classes.codeFrame}>
    {/* Scrolls sideways, so the keyboard must reach it. */}
    {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls sideways, and what scrolls must be reachable by keys. */}
    <code className={classes.code} tabIndex={0} aria-label={label} role="region">
      {code}
    </code>
    <span className={classes.codeCopy}>
      <CopyButton value={code} label={label} />
    </span>
  </div>
);
