import type { Editor } from '@tiptap/core';
import { useTranslation } from 'react-i18next';
import { optionOf, useCatalogue } from '../catalogue';
import type { Block, DesignSettings } from '../document/types';
import { BlockText } from '../text/BlockText';
import classes from './canvas.module.css';
import { sharedPart, sharedSection, useParts } from '../parts/parts';
import { SharedContent } from './SharedContent';
import { stackOf } from './fonts';
import { ImageContent } from './ImageContent';
import { TokenText } from './TokenText';

export type ContentProps = {
  block: Block;
  settings: DesignSettings;
  onOption: (key: string, value: unknown) => void;
  onEditor: (editor: Editor) => void;
};

const headingSize: Record<string, number> = { '1': 32, '2': 24, '3': 18 };

/** A block as it will look, near enough to edit; what readers get is the server's rendering in Preview. */
export function BlockContent({ block, settings, onOption, onEditor }: ContentProps) {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const kind = kinds.find((k) => k.key === block.kind);
  const option = (key: string) => optionOf(kind, block.options, key);
  const text = (key: string) => String(option(key) ?? '');
  const number = (key: string) => Number(option(key) ?? 0);
  const align = text('align') as 'left' | 'center' | 'right';
  const font = stackOf(settings.font);
  const headings = stackOf(settings.heading_font || settings.font);
  const parts = useParts();
  switch (block.kind) {
    case 'heading':
      return (
        <BlockText
          mode="line"
          label={kind?.title ?? block.kind}
          value={text('text')}
          onChange={(value) => onOption('text', value)}
          onEditor={onEditor}
          style={{
            fontFamily: headings,
            fontSize: number('size') || headingSize[text('level')] || 18,
            fontWeight: 700,
            lineHeight: 1.25,
            color: text('colour') || settings.heading_colour,
            textAlign: align,
          }}
        />
      );
    case 'text':
    case 'footer': {
      const footer = block.kind === 'footer';
      const colour = text('colour') || (footer ? settings.muted_colour : settings.text_colour);
      const style = {
        fontFamily: font,
        fontSize: footer ? 13 : number('size'),
        lineHeight: 1.6,
        color: colour,
        textAlign: align,
        '--link': text('colour') || (footer ? colour : settings.link_colour),
      };
      return (
        <>
          <BlockText
            mode="rich"
            label={kind?.title ?? block.kind}
            value={text('html')}
            onChange={(value) => onOption('html', value)}
            onEditor={onEditor}
            style={style}
          />
          {footer ? (
            <div style={{ ...style, marginTop: 4 }}>
              {t('canvas.sender_line')}
              <br />
              <span className={classes.underlined}>{text('unsubscribe_label')}</span>
            </div>
          ) : null}
        </>
      );
    }
    case 'button':
      return (
        <div style={{ textAlign: align }}>
          <span
            style={{
              display: option('full_width') === true ? 'block' : 'inline-block',
              padding: '14px 28px',
              borderRadius: settings.button_radius,
              color: text('text_colour') || settings.button_text_colour,
              background: text('colour') || settings.button_colour,
              fontFamily: font,
              fontSize: 16,
              fontWeight: 600,
              lineHeight: '20px',
              textAlign: 'center',
            }}
          >
            <TokenText text={text('label') || t('canvas.button_label')} />
          </span>
        </div>
      );
    case 'divider':
      return <div style={{ borderTop: `${number('thickness')}px ${text('style')} ${text('colour') || '#e5e7eb'}` }} />;
    case 'spacer':
      return <div className={classes.spacer} style={{ height: number('height') }} />;
    case 'image':
      return (
        <ImageContent
          src={text('src')}
          alt={text('alt')}
          align={align}
          width={number('width')}
          radius={number('radius')}
          empty={t('canvas.no_image')}
        />
      );
    case 'video':
      return (
        <div
          style={{ textAlign: 'center', fontFamily: font, fontWeight: 600, fontSize: 16, color: settings.link_colour }}
        >
          <ImageContent
            src={text('thumbnail')}
            alt=""
            align="center"
            width={100}
            radius={0}
            empty={t('canvas.no_picture')}
          />
          <div style={{ padding: '12px 0' }}>
            ▶&nbsp; <TokenText text={text('title')} />
          </div>
        </div>
      );
    case 'header':
      return (
        <div className={classes.header} style={{ fontFamily: font, color: text('colour') || settings.heading_colour }}>
          {text('logo') ? (
            <ImageContent
              src={text('logo')}
              alt={text('name')}
              align="left"
              width={0}
              radius={0}
              empty={text('name')}
            />
          ) : (
            <strong style={{ fontSize: 18 }}>
              <TokenText text={text('name') || t('canvas.your_name')} />
            </strong>
          )}
          {option('web_copy') === true ? (
            <span
              className={classes.underlined}
              style={{ fontSize: 13, color: text('colour') || settings.muted_colour }}
            >
              {text('web_copy_label')}
            </span>
          ) : null}
        </div>
      );
    case 'menu':
    case 'social': {
      const items = Array.isArray(block.options['items']) ? (block.options['items'] as Record<string, unknown>[]) : [];
      return (
        <div
          style={{
            fontFamily: font,
            fontSize: 14,
            lineHeight: 2,
            fontWeight: 600,
            textAlign: align,
            color: text('colour') || settings.link_colour,
          }}
        >
          {items.length === 0 ? t('canvas.no_links') : null}
          {items.map((item, i) => (
            <span key={i} style={{ padding: '0 10px' }}>
              {String(item['label'] ?? '')}
            </span>
          ))}
        </div>
      );
    }
    case 'share':
      return (
        <div
          style={{
            fontFamily: font,
            fontSize: 14,
            lineHeight: 2,
            textAlign: align,
            color: settings.muted_colour,
          }}
        >
          {text('label') ? <TokenText text={text('label')} /> : null}
          {kind?.options
            .filter((o) => o.type === 'switch' && option(o.key) === true)
            .map((o) => (
              <span
                key={o.key}
                style={{ padding: '0 10px', fontWeight: 600, color: text('colour') || settings.link_colour }}
              >
                {o.label}
              </span>
            ))}
        </div>
      );
    case 'product': {
      const beside = text('layout') === 'left';
      return (
        <div
          className={classes.product}
          data-beside={beside || undefined}
          style={{ fontFamily: font, textAlign: beside ? 'left' : align }}
        >
          <ImageContent
            src={text('image')}
            alt=""
            align={beside ? 'left' : align}
            width={100}
            radius={0}
            empty={t('canvas.no_picture')}
          />
          <div>
            <div
              style={{
                fontFamily: headings,
                fontSize: 18,
                fontWeight: 700,
                lineHeight: 1.3,
                color: settings.heading_colour,
              }}
            >
              <TokenText text={text('title') || t('canvas.product_title')} />
            </div>
            <div style={{ fontSize: 14, lineHeight: 1.5, color: settings.text_colour }}>
              <TokenText text={text('text')} />
            </div>
            <div style={{ fontSize: 17, fontWeight: 700, margin: '4px 0 10px', color: settings.heading_colour }}>
              <TokenText text={text('price')} />{' '}
              <s style={{ fontWeight: 400, color: settings.muted_colour }}>
                <TokenText text={text('old_price')} />
              </s>
            </div>
            {text('button') ? (
              <span
                style={{
                  display: 'inline-block',
                  padding: '10px 20px',
                  borderRadius: settings.button_radius,
                  background: settings.button_colour,
                  color: settings.button_text_colour,
                  fontSize: 14,
                  fontWeight: 600,
                }}
              >
                <TokenText text={text('button')} />
              </span>
            ) : null}
          </div>
        </div>
      );
    }
    case 'rss':
      return (
        <div style={{ fontFamily: font, textAlign: align, color: settings.text_colour }}>
          {Array.from({ length: Math.min(2, number('items')) }, (_, i) => (
            <div key={i} style={{ paddingBottom: 20 }}>
              <div style={{ fontFamily: headings, fontSize: 18, fontWeight: 700, color: settings.heading_colour }}>
                {t('canvas.rss_title', { number: i + 1 })}
              </div>
              {option('date') === true ? (
                <div style={{ fontSize: 13, color: settings.muted_colour }}>{t('canvas.rss_date')}</div>
              ) : null}
              {option('summary') === true ? (
                <div style={{ fontSize: 15, lineHeight: 1.6 }}>{t('canvas.rss_summary')}</div>
              ) : null}
              <span style={{ fontSize: 14, fontWeight: 600, color: settings.link_colour, textDecoration: 'underline' }}>
                {text('more')}
              </span>
            </div>
          ))}
          <small style={{ color: settings.muted_colour }}>
            {text('url') === '' ? t('canvas.no_feed') : t('canvas.feed', { count: number('items'), url: text('url') })}
          </small>
        </div>
      );
    case 'shared': {
      const part = Number(block.options['part']);
      return (
        <SharedContent
          section={sharedSection(parts.data?.parts, part)}
          settings={settings}
          name={sharedPart(parts.data?.parts, part)?.name}
        />
      );
    }
    default:
      return (
        <div className={classes.foreign}>
          <strong>{kind?.title ?? block.kind}</strong>
          <span>{t('canvas.seen_in_preview')}</span>
        </div>
      );
  }
}
