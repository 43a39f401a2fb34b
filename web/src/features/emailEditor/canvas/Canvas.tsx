import { useTranslation } from 'react-i18next';
import { useEditor } from '../document/store';
import { Beginning } from '../panels/Beginning';
import classes from './canvas.module.css';
import { SectionSlot } from './SectionSlot';
import { SectionView } from './SectionView';

/** The mail in its own colours, whatever the theme of the pages. */
export function Canvas() {
  const { t } = useTranslation('emailEditor');
  const design = useEditor((s) => s.content.design);
  const select = useEditor((s) => s.select);
  const device = useEditor((s) => s.device);
  if (design.sections.length === 0) return <Beginning />;
  return (
    // A press on the empty area clears the selection; Escape does the same by key.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- A click beside the blocks only clears the choice; Escape does the same.
    <div
      className={classes.canvas}
      role="region"
      data-mail
      data-device={device}
      aria-label={t('canvas.label')}
      style={{ background: design.settings.background }}
      onMouseDown={(e) => {
        if (e.target === e.currentTarget) select(null);
      }}
    >
      <SectionSlot index={0} />
      {design.sections.map((section, index) => (
        <div key={section.id}>
          <SectionView section={section} number={index + 1} settings={design.settings} />
          <SectionSlot index={index + 1} />
        </div>
      ))}
    </div>
  );
}
