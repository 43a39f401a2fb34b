export type AudienceSearch = { q?: string; create?: boolean };

export const readAudienceSearch = (raw: Record<string, unknown>): AudienceSearch => ({
  ...(raw['q'] === undefined || raw['q'] === '' ? {} : { q: String(raw['q']).slice(0, 200) }),
  ...(raw['create'] === true ? { create: true } : {}),
});
