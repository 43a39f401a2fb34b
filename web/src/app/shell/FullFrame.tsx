import { useSession } from '@/api/session';
import { PanelBoundary } from '@/ui/PanelBoundary';
import { Outlet } from '@tanstack/react-router';
import { BusyBanner } from './BusyBanner';
import { Overlays } from './Overlays';

/** Editors use the whole window; palette, shortcuts and dialogs of the shell stay. */
export function FullFrame() {
  const session = useSession();
  return (
    <main id="main">
      <BusyBanner />
      <PanelBoundary>
        <Outlet />
      </PanelBoundary>
      <Overlays email={session.user.email} />
    </main>
  );
}
