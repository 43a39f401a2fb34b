import { useWaiting } from '@/api/resilience';
import { queryClient } from '@/api/queryClient';
import { lazy, Suspense, useEffect, useState } from 'react';
import { backgrounds } from '../features';
import { useOverlays } from '../overlays';
import { useShellActions } from '../useShellActions';

const Palette = lazy(() => import('../palette/Palette'));
const LoginDialog = lazy(() => import('./LoginDialog').then((m) => ({ default: m.LoginDialog })));
const ShortcutSheet = lazy(() => import('../palette/ShortcutSheet'));

/** One channel per page load, whichever frame comes first. */
let liveStarted = false;

/** Loads an overlay when it opens first and keeps it, so that its closing can be seen. */
export function Overlays({ email }: { email: string }) {
  useShellActions();
  const { palette, shortcuts } = useOverlays();
  const signIn = useWaiting((s) => s.signIn);
  useEffect(() => {
    // After the page itself: nothing of it is needed for the first paint.
    if (liveStarted) return;
    liveStarted = true;
    void import('@/api/live/start').then((m) => m.startLive(queryClient));
  }, []);
  const [used, setUsed] = useState({ palette, shortcuts, signIn });
  if ((palette && !used.palette) || (shortcuts && !used.shortcuts) || (signIn && !used.signIn)) {
    setUsed({
      palette: used.palette || palette,
      shortcuts: used.shortcuts || shortcuts,
      signIn: used.signIn || signIn,
    });
  }
  return (
    <Suspense fallback={null}>
      {backgrounds.map((Background, i) => (
        <Background key={i} />
      ))}
      {used.palette ? <Palette opened={palette} onClose={() => useOverlays.setState({ palette: false })} /> : null}
      {used.shortcuts ? (
        <ShortcutSheet opened={shortcuts} onClose={() => useOverlays.setState({ shortcuts: false })} />
      ) : null}
      {used.signIn ? <LoginDialog email={email} opened={signIn} /> : null}
    </Suspense>
  );
}
