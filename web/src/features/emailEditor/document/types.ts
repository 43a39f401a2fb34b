/** The block document as the server keeps it; members left out have the server's defaults. */
export type DesignSettings = {
  width: number;
  lang: string;
  preheader: string;
  font: string;
  background: string;
  content_background: string;
  text_colour: string;
  heading_colour: string;
  muted_colour: string;
  link_colour: string;
  button_colour: string;
  button_text_colour: string;
  button_radius: number;
};

export type Shown = { hide_on?: 'mobile' | 'desktop' | null; show_when?: string | null };

export type Block = Shown & {
  /** Of this editing session only; never sent. */
  id: string;
  kind: string;
  options: Readonly<Record<string, unknown>>;
  space_below: number;
  mobile_align?: 'left' | 'center' | 'right' | null;
};

export type Column = {
  id: string;
  share: number;
  background?: string | null;
  padding: number;
  blocks: readonly Block[];
};

export type Section = Shown & {
  id: string;
  background?: string | null;
  content_background?: string | null;
  padding_top: number;
  padding_bottom: number;
  padding_side: number;
  gap: number;
  stack_on_mobile: boolean;
  vertical_align: 'top' | 'middle' | 'bottom';
  radius_top: number;
  radius_bottom: number;
  columns: readonly Column[];
};

export type Design = { version: 1; settings: DesignSettings; sections: readonly Section[] };

/** Where a block stands or is to be put: before the block at `index`. */
export type Place = { column: string; index: number };
