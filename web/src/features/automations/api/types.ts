import type { AutomationDocument } from '../model/document';
import type { AutomationProblem } from '../model/problems';

export type AutomationStatus = 'draft' | 'active' | 'inactive';

export type AutomationSummary = {
  id: number;
  name: string;
  status: AutomationStatus;
  published_version: number | null;
  changed: boolean;
  /** Inside at present; the others ever. */
  inside: number;
  entered: number;
  completed: number;
  ended: number;
  updated_at: string;
};

export type Automation = {
  id: number;
  name: string;
  description: string;
  status: AutomationStatus;
  /** Goes into If-Match when the draft is saved. */
  revision: number;
  published_version: number | null;
  /** The draft differs from the published version. */
  changed: boolean;
  updated_at: string;
  /** The draft, with ids. */
  document: AutomationDocument;
  /** By source the names of the ids in the draft. */
  names: Record<string, Record<string, string>>;
};

export type StepCounts = {
  passed: number;
  waiting: number;
  /** Stuck now. */
  errors: number;
  /** When the next one goes on. */
  next_due: string | null;
  /** How many took each branch, and other results. */
  results: Record<string, number>;
};

export type Counts = {
  inside: number;
  parked: number;
  entered: number;
  completed: number;
  ended: number;
  /** By step id. */
  steps: Record<string, StepCounts>;
};

export type Version = { number: number; published_at: string; published_by: number | null; current: boolean };

export type RunStatus = 'active' | 'waiting' | 'parked' | 'completed' | 'ended';

export type Person = {
  run_id: number;
  contact_id: number;
  name: string;
  email: string | null;
  status: RunStatus;
  step_id: string | null;
  since: string;
  due_at: string | null;
  error: string | null;
};

export type Visit = {
  step_id: string;
  arrived_at: string;
  left_at: string | null;
  result: string | null;
  detail: string | null;
};

export type Run = {
  id: number;
  contact_id: number;
  status: RunStatus;
  step_id: string | null;
  arrived_at: string;
  due_at: string | null;
  entered_at: string;
  finished_at: string | null;
  error: string | null;
};

export type RunPath = { run: Run; visits: Visit[]; truncated: boolean };

/** What publishing did with the people inside: `to` is the same step when they stay, null when it ended for them. */
export type Published = {
  version: number;
  inside: { from: string; count: number; to: string | null }[];
  problems: AutomationProblem[];
};
