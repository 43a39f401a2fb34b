import type { Feature } from '@/ui/feature';

type Module = { feature: Feature };

// The kit is for looking at parts while developing, and for the accessibility test, which builds with `--mode kit`.
const kit: Record<string, Module> =
  import.meta.env.DEV || import.meta.env.MODE === 'kit'
    ? import.meta.glob<Module>('../features/kit/routes.tsx', { eager: true })
    : {};
const modules = {
  ...import.meta.glob<Module>(['../features/*/routes.tsx', '!../features/kit/*'], { eager: true }),
  ...kit,
};

export const features: readonly Feature[] = Object.values(modules).map((m) => m.feature);

const inOrder = <T extends { order: number }>(entries: readonly T[]) => entries.toSorted((a, b) => a.order - b.order);

export const navEntries = inOrder(features.flatMap((f) => f.nav ?? []));
export const createEntries = inOrder(features.flatMap((f) => f.create ?? []));

/** What features do beside their pages while someone is signed in. */
export const backgrounds = features.flatMap((f) => f.background ?? []);
