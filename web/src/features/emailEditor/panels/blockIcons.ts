import {
  IconBox,
  IconBrandYoutube,
  IconClick,
  IconCode,
  IconH1,
  IconLayoutBottombar,
  IconLayoutNavbar,
  IconMenu2,
  IconMinus,
  IconPhoto,
  IconRss,
  IconShare,
  IconShare3,
  IconShoppingBag,
  IconSpacingVertical,
  IconTextSize,
  type Icon,
} from '@tabler/icons-react';

const icons: Record<string, Icon> = {
  heading: IconH1,
  text: IconTextSize,
  button: IconClick,
  image: IconPhoto,
  video: IconBrandYoutube,
  social: IconShare,
  divider: IconMinus,
  spacer: IconSpacingVertical,
  header: IconLayoutNavbar,
  footer: IconLayoutBottombar,
  menu: IconMenu2,
  html: IconCode,
  product: IconShoppingBag,
  rss: IconRss,
  shared: IconShare3,
};

export const blockIcon = (kind: string): Icon => icons[kind] ?? IconBox;
