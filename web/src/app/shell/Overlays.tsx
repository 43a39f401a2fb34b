import { useWaiting } from '@/api/resilience';
import { lazy, Suspense, useState } from 'react';
import { useOverlays } from '../overlays';
import { useShellActions } from '../useShellActions';

const Palette = lazy(() => import('../palette/Palette'));
const LoginDialog = lazy(() => import('./LoginDialog').then((m) => ({ default: m.LoginDialog })));
const ShortcutSheet = lazy(() => import('../palette/ShortcutSheet'));

/** Loads an overlay when it opens first and keeps it, so that its closing can be seen. */
export function Overlays({ email }: { email: string }) {
  useShellActions();
  const { palette, shortcuts } = useOverlays();
  const signIn = useWaiting((s) => s.signIn);
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
      {used.palette ? <Palette opened={palette} onClose={() => useOverlays.setState({ palette: false })} /> : null}
      {used.shortcuts ? (
        <ShortcutSheet opened={shortcuts} onClose={() => useOverlays.setState({ shortcuts: false })} />
      ) : null}
      {used.signIn ? <LoginDialog email={email} opened={signIn} /> : null}
    </Suspense>
  );
}
