import type { Block, Design } from '../document/types';
import classes from './panels.module.css';

/** A mail in small: stripes and bars in its own colours. */
export const StarterPicture = ({ design }: { design: Design }) => (
  <span className={classes.picture} style={{ background: design.settings.background }} aria-hidden>
    {design.sections.slice(0, 7).map((section) => (
      <span key={section.id} style={{ background: section.background ?? undefined }}>
        <span
          className={classes.pictureRow}
          style={{ background: section.content_background ?? design.settings.content_background }}
        >
          {section.columns.map((column) => (
            <span
              key={column.id}
              className={classes.pictureColumn}
              style={{ background: column.background ?? undefined }}
            >
              {column.blocks.slice(0, 4).map((block) => (
                <i key={block.id} style={barOf(block, design)} />
              ))}
            </span>
          ))}
        </span>
      </span>
    ))}
  </span>
);

function barOf(block: Block, { settings }: Design) {
  const colour = typeof block.options['colour'] === 'string' ? block.options['colour'] : '';
  const centred = block.options['align'] === 'center' ? { alignSelf: 'center' } : {};
  switch (block.kind) {
    case 'heading':
      return { width: '70%', height: 5, background: colour || settings.heading_colour, ...centred };
    case 'button':
      return { width: '36%', height: 7, borderRadius: 3, background: colour || settings.button_colour, ...centred };
    case 'image':
    case 'video':
      return { width: '100%', height: 22, background: '#ced4da' };
    case 'divider':
      return { width: '100%', height: 1, background: '#ced4da' };
    case 'spacer':
      return { height: 4 };
    default:
      return { width: '92%', height: 3, background: colour || settings.muted_colour, opacity: 0.6, ...centred };
  }
}
