import { useTranslation } from 'react-i18next';
import classes from './design.module.css';
import { stacks, type BrandLook } from './kits';

/** A mail in small in a kit's colours and fonts. */
export function KitSample({ look, name }: { look: BrandLook; name: string }) {
  const { t } = useTranslation('design');
  const font = stacks[look.font] ?? stacks['system'];
  const heading = stacks[look.heading_font || look.font] ?? font;
  return (
    <div className={classes.sample} style={{ background: look.background, fontFamily: font }} aria-hidden>
      <div className={classes.sampleCard} style={{ background: look.content_background, color: look.text_colour }}>
        {look.logo ? (
          <img src={look.logo} alt="" className={classes.sampleLogo} />
        ) : (
          <strong style={{ color: look.heading_colour, fontFamily: heading }}>{name || t('brand.name_hint')}</strong>
        )}
        <h3 style={{ color: look.heading_colour, fontFamily: heading }}>{t('brand.sample_title')}</h3>
        <p>
          {t('brand.sample_text')}{' '}
          <span style={{ color: look.link_colour, textDecoration: 'underline' }}>{t('brand.sample_link')}</span>
        </p>
        <span
          className={classes.sampleButton}
          style={{ background: look.button_colour, color: look.button_text_colour, borderRadius: look.button_radius }}
        >
          {t('brand.sample_button')}
        </span>
        <small style={{ color: look.muted_colour }}>{t('brand.sample_footer')}</small>
      </div>
    </div>
  );
}
