import { api } from '@/api/client';
import type { components } from '@/api/schema';
import type { DesignSettings } from '../document/types';

/** As the server answers: nothing is left out. */
type Look = Required<components['schemas']['BrandLook']>;
export type BrandKit = Omit<components['schemas']['BrandKitsBrandKit'], 'look'> & { look: Look };

export const useBrandKits = () =>
  api.useQuery(
    'get',
    '/api/app/brand-kits',
    {},
    { staleTime: 30_000, select: (found) => ({ kits: found.kits as readonly BrandKit[] }) },
  );

/** A kit as the settings of a mail; what it says nothing of stays. */
export const applyKit = (settings: DesignSettings, { look }: BrandKit): DesignSettings => ({
  ...settings,
  font: look.font,
  heading_font: look.heading_font ?? null,
  background: look.background,
  content_background: look.content_background,
  text_colour: look.text_colour,
  heading_colour: look.heading_colour,
  muted_colour: look.muted_colour,
  link_colour: look.link_colour,
  button_colour: look.button_colour,
  button_text_colour: look.button_text_colour,
  button_radius: look.button_radius,
});
