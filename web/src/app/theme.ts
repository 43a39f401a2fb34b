import {
  createTheme,
  defaultVariantColorsResolver,
  darken,
  parseThemeColor,
  rem,
  type BadgeProps,
  type CSSVariablesResolver,
  type DrawerHeaderProps,
  type ModalHeaderProps,
  type ModalProps,
  type NavLinkProps,
  type TableProps,
  type TooltipProps,
  type VariantColorsResolver,
} from '@mantine/core';

/** Defaults by name alone: `Modal.extend` would bring the component, and what it needs, into the first load. */
const defaults = <Props>(defaultProps: Partial<Props>) => ({ defaultProps });

/** `light`: dark enough text to pass 4.5:1 on its own background in both schemes, which Mantine's default does not. */
const variantColors: VariantColorsResolver = (input) => {
  const parsed = parseThemeColor({ color: input.color ?? input.theme.primaryColor, theme: input.theme });
  if (input.variant !== 'light' || !parsed.isThemeColor) return defaultVariantColorsResolver(input);
  const shades = input.theme.colors[parsed.color] ?? input.theme.colors.gray;
  const text = `light-dark(${darken(shades[9], 0.3)}, ${shades[2]})`;
  const mix = (share: number) => `color-mix(in srgb, ${shades[9]} ${share}%, var(--mantine-color-dark-7))`;
  return {
    background: `light-dark(${shades[1]}, ${mix(35)})`,
    hover: `light-dark(${shades[2]}, ${mix(50)})`,
    color: text,
    border: '1px solid transparent',
    hoverColor: text,
  };
};

/** Mantine's own dimmed text fails AA; gray 7 has 8.2:1 on white, dark 1 has 7.8:1 on dark 7. */
export const cssVariables: CSSVariablesResolver = (theme) => ({
  variables: {
    '--page-padding': rem(16),
    '--side-bar-width': rem(208),
    '--side-bar-narrow': rem(56),
    '--top-bar-height': rem(48),
  },
  light: {
    '--mantine-color-dimmed': theme.colors.gray[7],
    '--mantine-color-placeholder': theme.colors.gray[7],
    '--mantine-color-error': '#b42318',
    '--rise': '#0b6b3f',
    '--fall': '#b42318',
    '--canvas-line': theme.colors.gray[6],
    '--surface': theme.white,
    '--surface-sunken': '#f8f9fb',
    '--border': '#e3e6ea',
    '--accent-soft': theme.colors.indigo[0],
    '--accent-text': theme.colors.indigo[9],
  },
  dark: {
    '--mantine-color-body': '#1f1f1f',
    '--mantine-color-dimmed': theme.colors.dark[1],
    '--mantine-color-placeholder': theme.colors.dark[1],
    '--mantine-color-error': '#ff8787',
    '--rise': theme.colors.green[4],
    '--fall': theme.colors.red[3],
    '--canvas-line': theme.colors.dark[2],
    '--surface': '#262626',
    '--surface-sunken': '#1a1a1a',
    '--border': '#3a3a3a',
    '--accent-soft': 'rgba(76, 110, 245, 0.18)',
    '--accent-text': theme.colors.indigo[2],
  },
});

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 8,
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(20) },
  spacing: { xs: rem(4), sm: rem(8), md: rem(12), lg: rem(16), xl: rem(20) },
  radius: { xs: rem(4), sm: rem(6), md: rem(8), lg: rem(12), xl: rem(16) },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: rem(20), lineHeight: '1.3' },
      h2: { fontSize: rem(16), lineHeight: '1.35' },
      h3: { fontSize: rem(14), lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  variantColorResolver: variantColors,
  components: {
    Badge: defaults<BadgeProps>({ tt: 'none', fw: 600, variant: 'light', radius: 'xl' }),
    Modal: defaults<ModalProps>({
      centered: true,
      transitionProps: { duration: 140 },
      overlayProps: { backgroundOpacity: 0.4 },
    }),
    // Their heads are no landmarks of the page.
    ModalHeader: defaults<ModalHeaderProps>({ role: 'none' }),
    DrawerHeader: defaults<DrawerHeaderProps>({ role: 'none' }),
    Tooltip: defaults<TooltipProps>({
      withArrow: true,
      openDelay: 300,
      events: { hover: true, focus: true, touch: false },
    }),
    Table: defaults<TableProps>({ verticalSpacing: 'sm', horizontalSpacing: 'md' }),
    NavLink: defaults<NavLinkProps>({ variant: 'subtle' }),
  },
});
