import type { components } from '@/api/schema';

type View = components['schemas']['SendingPlanPlanView'];
export type PlanInput = components['schemas']['SendingPlanPlanInput'];

export type ServerDraft = {
  key: string;
  id: number | null;
  name: string;
  host: string;
  port: number;
  tls: components['schemas']['SmtpTls'];
  user_name: string;
  /** Null: as it is stored. */
  password: string | null;
  has_secret: boolean;
  is_on: boolean;
};
export type RouteDraft = { lane: string | null; domain: string; servers: { server: string; share: number }[] };
export type LimitDraft = { domain: string; per_second: number; connections: number };
export type WarmUpDraft = {
  server: string | null;
  domain: string;
  starts_on: string;
  first_volume: number;
  growth: number;
  target: number;
  today: number | null;
  taken: number;
};
export type PlanDraft = { servers: ServerDraft[]; routes: RouteDraft[]; limits: LimitDraft[]; warm_ups: WarmUpDraft[] };

/** What the form edits: no nulls where there is a field. */
export const draftOf = (plan: View): PlanDraft => ({
  servers: plan.servers.map((s) => ({ ...s, key: String(s.id), user_name: s.user_name ?? '', password: null })),
  routes: plan.routes.map((r) => ({
    lane: r.lane ?? null,
    domain: r.domain ?? '',
    servers: r.servers.map((s) => ({ ...s })),
  })),
  limits: plan.limits.map((l) => ({ ...l })),
  warm_ups: plan.warm_ups.map((w) => ({
    ...w,
    server: w.server ?? null,
    domain: w.domain ?? '',
    today: w.today ?? null,
    taken: w.taken ?? 0,
  })),
});

export const inputOf = (draft: PlanDraft): PlanInput => ({
  servers: draft.servers.map(({ key, id, name, host, port, tls, user_name, password, is_on }) => ({
    id,
    key,
    name,
    host,
    port,
    tls,
    user_name: user_name === '' ? null : user_name,
    password,
    is_on,
  })),
  routes: draft.routes.map((r) => ({
    lane: r.lane,
    domain: r.domain.trim() === '' ? null : r.domain,
    servers: r.servers,
  })),
  limits: draft.limits,
  warm_ups: draft.warm_ups.map(({ server, domain, starts_on, first_volume, growth, target, today, taken }) => ({
    server,
    domain: domain.trim() === '' ? null : domain,
    starts_on,
    first_volume,
    growth,
    target,
    today,
    taken,
  })),
});

/** A key that no server bears yet. */
export const newKey = (draft: PlanDraft): string => {
  let n = draft.servers.length + 1;
  while (draft.servers.some((s) => s.key === `new${n}`)) n++;
  return `new${n}`;
};
