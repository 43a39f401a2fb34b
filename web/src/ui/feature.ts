import type { Session } from '@/api/session';
import type { Icon } from '@tabler/icons-react';
import type { AnyRoute } from '@tanstack/react-router';
import type { ComponentType } from 'react';

/** An entry of the side bar. Its label is the text `key` of the feature's `i18n/<lang>/<feature>.nav.json`. */
export type NavEntry = {
  key: string;
  to: string;
  icon: Icon;
  /** Place in the bar, ascending: 10 home, 20 contacts, 30 automations, 80 caught mail, 90 settings. */
  order: number;
  /** `key` of the entry this one stands under; shown while that area is open. */
  parent?: string;
  /** Second key after `G`. */
  go?: string;
  permission?: string;
  /** More conditions, e.g. a mode of the server. */
  when?: (session: Session) => boolean;
};

/** An entry of the create menu, the palette and the keys `C then X`. Label: text `key` of `<feature>.nav.json`. */
export type CreateEntry = {
  key: string;
  to: string;
  search?: Record<string, unknown>;
  icon: Icon;
  create?: string;
  order: number;
  permission?: string;
};

/** What `features/<area>/routes.tsx` exports as `feature`; found by glob, so nothing else needs to name it. */
export type Feature = {
  /** Below `shellRoute`. */
  routes?: readonly AnyRoute[];
  /** Below `fullRoute`. */
  fullRoutes?: readonly AnyRoute[];
  /** Below `publicRoute`. */
  publicRoutes?: readonly AnyRoute[];
  nav?: readonly NavEntry[];
  create?: readonly CreateEntry[];
  /** Mounted once under the shell, on every page, loaded after it: follows long work, for example. Draws nothing but toasts. */
  background?: readonly ComponentType[];
};

export const defineFeature = (feature: Feature): Feature => feature;
