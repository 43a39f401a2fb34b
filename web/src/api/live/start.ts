import { sessionQuery } from '@/api/session';
import type { QueryClient } from '@tanstack/react-query';
import { useLive } from './state';
import { isTooLong, keysOf, pauseOf } from './topics';

const first = 1000;
const most = 60_000;

type Word = { topics: string[] } | { connected: boolean } | { ask: true };

/**
 * The live channel of all tabs of this browser: one tab holds the connection (server-sent events), the others hear it from that tab, because a browser
 * opens only six connections to a host over plain HTTP. Where tabs cannot agree on one, each has its own.
 */
export function startLive(queryClient: QueryClient): void {
  if (typeof EventSource === 'undefined') return;
  const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('millrace.live');
  const due = new Map<string, number>();
  let leads = false;

  const refresh = (topic: string) => {
    for (const queryKey of keysOf(topic))
      void queryClient.invalidateQueries(
        { queryKey, predicate: (q) => !isTooLong(q.state.data) || !q.isActive() },
        { cancelRefetch: false },
      );
  };
  /** At once, and again after a pause: the server tells a topic at most once a second. */
  const changed = (topic: string) => {
    if (due.has(topic)) return;
    refresh(topic);
    due.set(
      topic,
      window.setTimeout(
        () => {
          due.delete(topic);
          refresh(topic);
        },
        pauseOf(topic) + 1000,
      ),
    );
  };
  const setConnected = (connected: boolean) => {
    if (useLive.getState().connected === connected) return;
    useLive.setState({ connected });
    // What happened in between is not known; and how often pages ask is decided anew.
    changed('*');
  };
  const hear = (word: Word) => {
    if ('topics' in word) word.topics.forEach(changed);
    else if ('connected' in word) setConnected(word.connected);
    else if (leads) tabs?.postMessage({ connected: useLive.getState().connected });
  };
  tabs?.addEventListener('message', (e: MessageEvent<Word>) => hear(e.data));

  const tell = (word: Word) => {
    hear(word);
    tabs?.postMessage(word);
  };
  const connect = (failures: number) => {
    const source = new EventSource('/api/app/live');
    let again = failures;
    const retry = (ms: number) => {
      source.close();
      tell({ connected: false });
      window.setTimeout(() => connect(again + 1), ms * (0.8 + 0.4 * Math.random()));
    };
    source.onopen = () => {
      again = 0;
      tell({ connected: true });
    };
    source.onmessage = (e: MessageEvent<string>) => tell(JSON.parse(e.data) as Word);
    source.addEventListener('bye', () => {
      retry(most);
      void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    });
    source.onerror = () => retry(Math.min(most, first * 2 ** again));
  };
  const lead = () => {
    leads = true;
    connect(0);
    // Held until the tab is closed; then the next one leads.
    return new Promise<never>(() => {});
  };
  // Tabs can agree only where the browser offers locks: not over plain HTTP to another machine.
  if (tabs !== null && 'locks' in navigator) {
    void navigator.locks.request('millrace.live', lead);
    tabs.postMessage({ ask: true });
  } else void lead();
}
