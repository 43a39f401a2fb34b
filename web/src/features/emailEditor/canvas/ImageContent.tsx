import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './canvas.module.css';

type Props = { src: string; alt: string; align: string; width: number; radius: number; empty: string };

/** Pictures of other hosts may not be loaded by this page; then their place is kept, and Preview shows them. */
export function ImageContent({ src, alt, align, width, radius, empty }: Props) {
  const [failed, setFailed] = useState('');
  const margin = align === 'left' ? '0 auto 0 0' : align === 'right' ? '0 0 0 auto' : '0 auto';
  const size = width > 0 ? { width: `${width}%` } : { height: 32, width: 'auto' };
  if (src === '' || failed === src)
    return (
      <div className={classes.noImage} style={{ ...size, margin, borderRadius: radius }}>
        <IconPhoto size={22} aria-hidden />
        <span>{src === '' ? empty : alt || src}</span>
      </div>
    );
  return (
    <img
      src={src}
      alt={alt}
      onError={() => setFailed(src)}
      style={{ display: 'block', margin, borderRadius: radius, ...size }}
    />
  );
}
