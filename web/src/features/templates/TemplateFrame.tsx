import { useIntersection } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from './templates';
import classes from './templates.module.css';

/** Width at which the mail is drawn before it is made small; its own width and some ground around it. */
const drawn = 680;

/**
 * A template in small: the server's own rendering in a frame without rights, loaded when it comes into view. Its address changes with the
 * template, so it never shows an old picture.
 */
export function TemplateFrame({ template }: { template: Template }) {
  const { t } = useTranslation('templates');
  const box = useRef<HTMLDivElement | null>(null);
  const { ref, entry } = useIntersection({ rootMargin: '400px' });
  const [seen, setSeen] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const [scale, setScale] = useState(0.4);
  const near = entry?.isIntersecting === true;
  if (near && !seen) setSeen(true);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setScale(element.clientWidth / drawn));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      className={classes.picture}
      inert
      data-loaded={loaded || undefined}
      ref={(element) => {
        box.current = element;
        ref(element);
      }}
    >
      {seen ? (
        <iframe
          title={t('frame', { name: template.name })}
          src={template.preview_url}
          sandbox=""
          referrerPolicy="no-referrer"
          tabIndex={-1}
          scrolling="no"
          width={drawn}
          style={{ transform: `scale(${scale})` }}
          onLoad={() => setLoaded(true)}
        />
      ) : null}
    </div>
  );
}
