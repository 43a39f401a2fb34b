import type { Session } from '@/api/session';
import { JobsIndicator } from '@/ui/JobsIndicator';
import { CreateMenu } from './CreateMenu';
import { UserMenu } from './UserMenu';
import classes from './Shell.module.css';

/** The right end of the top bar: running work, create, user. */
export default function TopMenus({ session }: { session: Session }) {
  return (
    <span className={classes.menus}>
      <JobsIndicator />
      <CreateMenu session={session} />
      <UserMenu session={session} />
    </span>
  );
}
