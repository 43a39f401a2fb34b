import type { Feature } from '@/ui/feature';

const modules = import.meta.glob<{ feature: Feature }>('../features/*/routes.tsx', { eager: true });

export const features: readonly Feature[] = Object.values(modules).map((m) => m.feature);

const inOrder = <T extends { order: number }>(entries: readonly T[]) => entries.toSorted((a, b) => a.order - b.order);

export const navEntries = inOrder(features.flatMap((f) => f.nav ?? []));
export const createEntries = inOrder(features.flatMap((f) => f.create ?? []));
