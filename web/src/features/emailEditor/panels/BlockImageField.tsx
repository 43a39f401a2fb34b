import { ImageField } from '@/ui/images/ImageField';
import type { EditorProps } from '@/ui/schemaForm/types';
import { findBlock, updateBlock } from '../document/operations';
import { useEditorStore } from '../document/store';

/** Takes the picture's remembered alternative text along where the block has none of its own. */
export function BlockImageField(props: EditorProps) {
  const store = useEditorStore();
  return (
    <ImageField
      {...props}
      onPicked={(image) => {
        const { content, selected, edit } = store.getState();
        const block = selected === null ? undefined : findBlock(content.design, selected)?.block;
        if (!block || block.kind !== 'image') {
          props.onChange(image.url);
          return;
        }
        const alt = String(block.options['alt'] ?? '') || image.alt;
        edit((d) => updateBlock(d, block.id, { options: { ...block.options, [props.option.key]: image.url, alt } }));
      }}
    />
  );
}
