import { api } from '@/api/client';
import { problemText } from '@/ui/problemText';
import { Alert, Button, Group, Modal, NumberInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './images.module.css';
import type { LibraryImage } from './upload';

type Part = { left: number; top: number; width: number; height: number };
const shapes = { free: 0, '1:1': 1, '4:3': 4 / 3, '16:9': 16 / 9, '3:1': 3 } as const;

/** A part of a picture as one more picture, cut by the server. The frame is drawn with the pointer or set in numbers. */
export function CropDialog(props: { image: LibraryImage; onClose: () => void; onMade: (image: LibraryImage) => void }) {
  const { image, onClose, onMade } = props;
  const { t } = useTranslation(['images', 'common']);
  const [shape, setShape] = useState<keyof typeof shapes>('free');
  const [part, setPart] = useState<Part>({ left: 0, top: 0, width: image.width, height: image.height });
  const [from, setFrom] = useState<{ x: number; y: number } | null>(null);
  const [resize, setResize] = useState<number | ''>('');
  const crop = api.useMutation('post', '/api/app/images/{id}/crop', {
    onSuccess: (made) => {
      onMade(made);
      onClose();
    },
  });
  /** Inside of the picture, in the chosen shape. */
  const fit = (p: Part, ratio: number = shapes[shape]): Part => {
    const left = Math.round(Math.min(Math.max(0, p.left), image.width - 1));
    const top = Math.round(Math.min(Math.max(0, p.top), image.height - 1));
    let width = Math.round(Math.min(Math.max(1, p.width), image.width - left));
    let height = Math.round(Math.min(Math.max(1, p.height), image.height - top));
    if (ratio > 0) {
      width = Math.min(width, Math.round(height * ratio));
      height = Math.max(1, Math.round(width / ratio));
      if (width / height > ratio * 1.02) width = Math.max(1, Math.round(height * ratio));
    }
    return { left, top, width, height };
  };
  const at = (e: PointerEvent<HTMLDivElement>) => {
    const box = e.currentTarget.getBoundingClientRect();
    return {
      x: ((e.clientX - box.left) / box.width) * image.width,
      y: ((e.clientY - box.top) / box.height) * image.height,
    };
  };
  const percent = (value: number, whole: number) => `${(value / whole) * 100}%`;
  return (
    <Modal
      opened
      onClose={onClose}
      size={900}
      title={t('crop_title', { name: image.name })}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label={t('shape')}
          value={shape}
          onChange={(value) => {
            const next = value as keyof typeof shapes;
            setShape(next);
            setPart(fit({ left: 0, top: 0, width: image.width, height: image.height }, shapes[next]));
          }}
          data={Object.keys(shapes).map((value) => ({ value, label: value === 'free' ? t('free') : value }))}
        />
        <div
          className={classes.crop}
          style={{ aspectRatio: `${image.width} / ${image.height}` }}
          onPointerDown={(e) => {
            e.currentTarget.setPointerCapture(e.pointerId);
            setFrom(at(e));
          }}
          onPointerMove={(e) => {
            if (!from) return;
            const to = at(e);
            setPart(
              fit({
                left: Math.min(from.x, to.x),
                top: Math.min(from.y, to.y),
                width: Math.abs(to.x - from.x),
                height: Math.abs(to.y - from.y),
              }),
            );
          }}
          onPointerUp={() => setFrom(null)}
        >
          <img src={image.url} alt="" draggable={false} />
          <div
            className={classes.cropFrame}
            style={{
              left: percent(part.left, image.width),
              top: percent(part.top, image.height),
              width: percent(part.width, image.width),
              height: percent(part.height, image.height),
            }}
          />
        </div>
        <Group grow>
          {(['left', 'top', 'width', 'height'] as const).map((key) => (
            <NumberInput
              key={key}
              label={t(`part.${key}`)}
              min={0}
              value={part[key]}
              onChange={(value) => setPart(fit({ ...part, [key]: Number(value) || 0 }))}
            />
          ))}
          <NumberInput
            label={t('resize')}
            placeholder={String(part.width)}
            min={1}
            max={2400}
            value={resize}
            onChange={(value) => setResize(value === '' ? '' : Number(value))}
          />
        </Group>
        {crop.error ? <Alert color="red">{problemText(crop.error).text}</Alert> : null}
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {t('crop_note')}
          </Text>
          <Button
            loading={crop.isPending}
            onClick={() =>
              crop.mutate({
                params: { path: { id: image.id } },
                body: { ...part, ...(resize === '' ? {} : { resize_to: resize }) },
              })
            }
          >
            {t('crop_save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
