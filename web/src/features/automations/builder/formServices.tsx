import { accountForms } from '@/ui/schemaForm/accountReferences';
import type { SchemaFormServices, TemplateTag } from '@/ui/schemaForm/references';
import { StepConditions } from './StepConditions';

/** What option forms need from outside: the account's things, and the condition editor with its catalogue. */
export const formServices = (templateTags: readonly TemplateTag[] = []): SchemaFormServices => ({
  ...accountForms,
  templateTags,
  condition: ({ option, value, onChange }) => <StepConditions label={option.label} value={value} onChange={onChange} />,
});
