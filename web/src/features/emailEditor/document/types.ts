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
  heading_font?: string | null;
  dark_background?: string | null;
  dark_content_background?: string | null;
  dark_text_colour?: string | null;
  dark_heading_colour?: string | null;
  dark_link_colour?: string | null;
};

export type Shown = {
  hide_on?: 'mobile' | 'desktop' | null;
  show_when?: string | null;
  /** A condition tree as segments have it. */
  conditions?: unknown;
};

export type Block = Shown & {
  /** Of this editing session only; never sent. */
  id: string;
  kind: string;
  options: Readonly<Record<string, unknown>>;
  space_below: number;
  background?: string | null;
  padding?: number;
  mobile_size?: number | null;
  mobile_width?: number | null;
  mobile_space?: number | null;
  mobile_padding?: number | null;
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
  name?: string | null;
  /** A shared part whose content stands here. */
  shared?: number | null;
  background_image?: string | null;
  background_size?: 'cover' | 'contain' | 'auto';
  background_position?: 'top' | 'center' | 'bottom';
  mobile_reverse?: boolean;
  mobile_padding_top?: number | null;
  mobile_padding_bottom?: number | null;
  mobile_padding_side?: number | null;
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
