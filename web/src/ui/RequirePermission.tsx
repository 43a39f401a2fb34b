import { allows, useSession } from '@/api/session';
import type { ReactNode } from 'react';
import { Forbidden } from './Forbidden';

/** Around a page: a deep link without the permission says which one is missing. */
export function RequirePermission({ permission, children }: { permission: string; children: ReactNode }) {
  const session = useSession();
  return allows(session, permission) ? children : <Forbidden permission={permission} />;
}
