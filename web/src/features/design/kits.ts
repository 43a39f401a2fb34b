import type { components } from '@/api/schema';

/** As the server answers: nothing is left out. */
export type BrandLook = Required<components['schemas']['BrandLook']>;
export type BrandKit = Omit<components['schemas']['BrandKitsBrandKit'], 'look'> & { look: BrandLook };

export const plainLook: BrandLook = {
  logo: '',
  logo_dark: '',
  website: '',
  palette: [],
  social: [],
  font: 'system',
  heading_font: null,
  background: '#f3f4f6',
  content_background: '#ffffff',
  text_colour: '#374151',
  heading_colour: '#111827',
  muted_colour: '#6b7280',
  link_colour: '#2563eb',
  button_colour: '#2563eb',
  button_text_colour: '#ffffff',
  button_radius: 8,
};

export const fonts = ['system', 'arial', 'verdana', 'tahoma', 'trebuchet', 'georgia', 'times', 'palatino', 'courier'];

/** As mails are written, so that the sample looks like one. */
export const stacks: Record<string, string> = {
  system: "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
  arial: 'Arial,Helvetica,sans-serif',
  verdana: 'Verdana,Geneva,sans-serif',
  tahoma: 'Tahoma,Verdana,Segoe,sans-serif',
  trebuchet: "'Trebuchet MS','Lucida Grande',Tahoma,sans-serif",
  georgia: "Georgia,'Times New Roman',serif",
  times: "'Times New Roman',Times,serif",
  palatino: "'Palatino Linotype',Palatino,Georgia,serif",
  courier: "'Courier New',Courier,monospace",
};
