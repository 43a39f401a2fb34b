import {
  IconBolt,
  IconConfetti,
  IconGift,
  IconHeartHandshake,
  IconListCheck,
  IconReportAnalytics,
  IconSchool,
  IconShoppingCart,
  IconSitemap,
  IconTargetArrow,
  IconTrendingUp,
} from '@tabler/icons-react';
import { createElement } from 'react';
import marks from '../canvas/canvas.module.css';

const looks: Record<string, [typeof IconBolt, string]> = {
  Welcome: [IconConfetti, 'teal'],
  Nurture: [IconTargetArrow, 'indigo'],
  'Win back': [IconHeartHandshake, 'pink'],
  Sales: [IconTrendingUp, 'green'],
  Shop: [IconShoppingCart, 'orange'],
  Loyalty: [IconGift, 'grape'],
  Courses: [IconSchool, 'blue'],
  Lists: [IconListCheck, 'cyan'],
  Pipeline: [IconSitemap, 'green'],
  Service: [IconReportAnalytics, 'gray'],
};

/** The tinted icon of a category. */
export function RecipeMark({ category }: { category: string }) {
  const [icon, tint] = looks[category] ?? [IconBolt, 'indigo'];
  return (
    <span className={marks.mark} data-tint={tint}>
      {createElement(icon, { size: 18, stroke: 1.8, 'aria-hidden': true })}
    </span>
  );
}
