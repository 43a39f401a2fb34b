import type { components } from '@/api/schema';
import type { AutomationDocument } from '../model/document';

/** The server's answers under the feature's names. What they hold is generated; only the document has a shape of its own here. */
type Schemas = components['schemas'];

export type AutomationStatus = Schemas['AutomationStatus'];
export type AutomationSummary = Schemas['AutomationListItem'];
export type Automation = Omit<Schemas['AutomationDetail'], 'document'> & { document: AutomationDocument };
export type StepCounts = Schemas['NumberStepNumbers'];
/** The steps by their id. */
export type Counts = Omit<Schemas['NumberAutomationNumbers'], 'steps'> & { steps: Record<string, StepCounts> };
export type Version = Schemas['PublishVersionItem'];
export type Label = Schemas['LabelView'];
export type LabelInput = Schemas['LabelInput'];
export type ImportPreview = Schemas['DocumentImportPreview'];
export type MissingThing = Schemas['DocumentMissingThing'];
export type AutomationMap = Schemas['MapView'];
export type MapItem = Schemas['MapItem'];
export type MapLink = Schemas['MapLink'];
export type RunStatus = Schemas['RunStatus'];
export type Person = Schemas['NumberPersonInside'];
export type Visit = Schemas['RunVisitItem'];
export type Run = Schemas['RunItem'];
export type RunPath = Schemas['RunPath'];
export type Published = Schemas['Published'];
export type PublishPreview = Schemas['PublishPreview'];
export type StepMove = Schemas['StepMove'];
