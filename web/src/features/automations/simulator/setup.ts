import type { SimulationRequest } from './simulate';

/** What the form holds. */
export type Setup = {
  who: 'random' | 'segment' | 'contacts';
  contacts: string[];
  segment: string[];
  random: number;
  trigger: string;
  keepEntryRule: boolean;
  /** ISO 8601; empty: nobody. */
  opens: string;
  clicks: string;
  days: number;
};

export const afters = ['PT10M', 'PT1H', 'PT5H', 'P1D', 'P3D'] as const;
export const horizons = [7, 30, 90, 366] as const;

export const firstSetup: Setup = {
  who: 'random',
  contacts: [],
  segment: [],
  random: 100,
  trigger: '',
  keepEntryRule: false,
  opens: '',
  clicks: '',
  days: 366,
};

export const isReady = (setup: Setup) =>
  setup.who === 'random'
    ? setup.random > 0
    : setup.who === 'segment'
      ? setup.segment.length > 0
      : setup.contacts.length > 0;

/** What is asked of the server. */
export const requestOf = (setup: Setup, now: Date): SimulationRequest => ({
  ...(setup.who === 'contacts'
    ? { contacts: setup.contacts.map(Number) }
    : setup.who === 'segment'
      ? { segment: Number(setup.segment[0]) }
      : { random: setup.random }),
  ...(setup.trigger === '' ? {} : { trigger: setup.trigger }),
  keep_entry_rule: setup.keepEntryRule,
  starts_at: now.toISOString(),
  until: new Date(now.getTime() + setup.days * 86_400_000).toISOString(),
  assume: {
    opens_after: setup.opens === '' ? null : setup.opens,
    clicks_after: setup.clicks === '' ? null : setup.clicks,
  },
});
