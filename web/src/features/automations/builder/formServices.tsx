import type { SchemaFormServices, TemplateTag } from '@/ui/schemaForm/references';
import { createReference, findReferences } from '../api/automations';
import { StepConditions } from './StepConditions';

/** What option forms need from outside: the account's things, and the condition editor with its catalogue. */
export const formServices = (templateTags: readonly TemplateTag[] = []): SchemaFormServices => ({
  references: {
    search: (source, q, signal) => findReferences(source, { q }, signal),
    resolve: (source, values, signal) => findReferences(source, { ids: values.join(',') }, signal),
    create: createReference,
  },
  templateTags,
  condition: ({ option, value, onChange }) => <StepConditions label={option.label} value={value} onChange={onChange} />,
});
