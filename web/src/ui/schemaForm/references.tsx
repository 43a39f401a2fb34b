import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import type { EditorProps } from './types';

export type ReferenceItem = { value: string; label: string; detail?: string };
export type TemplateTag = { tag: string; label: string; group: string };

/** What forms need from outside; a page provides it once with `SchemaFormContext`. */
export type SchemaFormServices = {
  references: {
    search: (source: string, query: string, signal: AbortSignal) => Promise<readonly ReferenceItem[]>;
    /** Labels of values chosen before; values not returned are shown as deleted. */
    resolve: (source: string, values: readonly string[], signal: AbortSignal) => Promise<readonly ReferenceItem[]>;
    create?: (source: string, name: string) => Promise<ReferenceItem>;
  };
  /** The steps of an automation, for conditions that ask about one of them. */
  steps?: (automation: string, signal: AbortSignal) => Promise<readonly (ReferenceItem & { shape: string })[]>;
  templateTags: readonly TemplateTag[];
  /** Draws an option of type `condition`; usually a `ConditionTree` with the page's catalogue. */
  condition?: (props: EditorProps) => ReactNode;
  /** Draws an option of type `image`; without it an address is typed. */
  image?: (props: EditorProps) => ReactNode;
  /** Colours offered with every colour option: those of the brand. */
  swatches?: readonly string[];
};

const nothing: SchemaFormServices = {
  references: { search: () => Promise.resolve([]), resolve: () => Promise.resolve([]) },
  templateTags: [],
};

export const SchemaFormContext = createContext<SchemaFormServices>(nothing);
export const useSchemaFormServices = () => useContext(SchemaFormContext);
