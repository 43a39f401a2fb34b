import { ErrorState } from '@/ui/ErrorState';
import { DragArea } from '@/ui/dnd/DragArea';
import { PageSkeleton } from '@/ui/PageSkeleton';
import { SchemaFormContext, type SchemaFormServices } from '@/ui/schemaForm/references';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accepts, useAddBlock, useInsert, type DragItem, type DropPlace } from './actions';
import { CatalogueContext, useBlockKinds, useMailTags, useCatalogue } from './catalogue';
import classes from './designer.module.css';
import { moveBlock, moveSection } from './document/operations';
import { BlockImageField } from './panels/BlockImageField';
import { useBrandKits } from './panels/brandKits';
import { createEditorStore, EditorStoreContext, useEditor, type MailContent } from './document/store';
import { Editing } from './Editing';
import './text/text.css';

export type DesignerProps = {
  content: MailContent;
  /** Rejects with `version_conflict` when somebody else has saved the same mail since it was loaded. */
  save: (content: MailContent) => Promise<void>;
  /** What the other one saved; saving again goes over it. */
  loadTheirs: () => Promise<MailContent>;
  back: {
    to: string;
    search?: Record<string, string>;
    place: 'messages' | 'automation' | 'parts' | 'templates' | 'campaign';
  };
  /** Its name can be changed though it is no mail: a template. */
  named?: boolean;
  /** A part kept for other mails: one section, without subject and sender. */
  isPart?: boolean;
  /** Above the canvas: where a shared part is used, for example. */
  notice?: React.ReactNode;
  /** Of a mail of its own; its name can be changed. */
  messageId?: number;
};

/** The mail editor: what it needs from the server first, then the three panes. */
export function Designer(props: DesignerProps) {
  const kinds = useBlockKinds();
  const tags = useMailTags();
  const [store] = useState(() => createEditorStore(props.content));
  const catalogue = useMemo(
    () =>
      kinds.data && tags.data
        ? {
            kinds: kinds.data.blocks,
            tags: tags.data.tags,
            titles: new Map(tags.data.tags.map((x) => [x.name, x.title])),
          }
        : null,
    [kinds.data, tags.data],
  );
  const error = kinds.error ?? tags.error;
  if (error) return <ErrorState error={error} onRetry={() => void Promise.all([kinds.refetch(), tags.refetch()])} />;
  if (catalogue === null) return <PageSkeleton />;
  return (
    <EditorStoreContext value={store}>
      <CatalogueContext value={catalogue}>
        <Services>
          <Editing {...props} />
        </Services>
      </CatalogueContext>
    </EditorStoreContext>
  );
}

function Services({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation('emailEditor');
  const { tags } = useCatalogue();
  const design = useEditor((s) => s.content.design);
  const edit = useEditor((s) => s.edit);
  const add = useAddBlock();
  const insert = useInsert();
  const kits = useBrandKits();
  const swatches = useMemo(() => {
    const kit = kits.data?.kits.find((k) => k.is_default) ?? kits.data?.kits[0];
    return kit ? [...new Set([kit.look.button_colour, kit.look.heading_colour, ...kit.look.palette])] : [];
  }, [kits.data]);
  const services = useMemo<SchemaFormServices>(
    () => ({
      references: { search: () => Promise.resolve([]), resolve: () => Promise.resolve([]) },
      templateTags: tags.map((x) => ({ tag: `%${x.name}%`, label: x.title, group: x.group })),
      image: (props) => <BlockImageField {...props} />,
      swatches,
    }),
    [tags, swatches],
  );
  const placeOf = (place: DropPlace) => {
    if ('sections' in place) return t('canvas.section_place', { number: place.sections + 1 });
    const number = design.sections.findIndex((s) => s.columns.some((c) => c.id === place.column)) + 1;
    return t('canvas.place', { number, index: place.index + 1 });
  };
  return (
    <SchemaFormContext value={services}>
      <DragArea<DragItem, DropPlace>
        accepts={accepts}
        labelOf={(item) => item.label}
        placeOf={placeOf}
        onDrop={(item, place) => {
          if (item.part !== undefined) insert.part(item.part, place);
          else if (item.shares !== undefined) insert.section(item.shares, place);
          else if ('sections' in place) edit((d) => moveSection(d, item.section ?? '', place.sections));
          else if (item.block !== undefined) edit((d) => moveBlock(d, item.block ?? '', place));
          else if (item.kind !== undefined) add(item.kind, place);
        }}
      >
        <div className={classes.frame}>{children}</div>
      </DragArea>
    </SchemaFormContext>
  );
}
