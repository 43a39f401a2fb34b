export type OptionType =
  | 'text'
  | 'long_text'
  | 'rich_text'
  | 'template'
  | 'number'
  | 'integer'
  | 'numbers'
  | 'percent'
  | 'duration'
  | 'date'
  | 'time'
  | 'datetime'
  | 'zone'
  | 'switch'
  | 'choice'
  | 'many'
  | 'colour'
  | 'url'
  | 'image'
  | 'json'
  | 'code'
  | 'reference'
  | 'condition'
  | 'map'
  | 'group';

export type Choice = { value: string; label: string };

/** One option as the server's catalogue describes it. `type` may be one this client does not know yet. */
export type OptionDescription = {
  key: string;
  label: string;
  help?: string | null;
  type: OptionType | (string & {});
  required?: boolean;
  default?: unknown;
  visible_when?: { key: string; equals?: unknown; in?: readonly unknown[] } | null;
  /** Of a reference: `list`, `tag`, `field`, `user`, `automation`, `email`... */
  source?: string | null;
  choices?: readonly Choice[] | null;
  /** Of a filter: how its value may be compared. */
  ops?: readonly string[] | null;
  /** A reference that holds several. */
  multiple?: boolean;
  /** A reference that may be created in place. */
  creatable?: boolean;
  min?: number | null;
  max?: number | null;
  /** The options of each item of a `group`. */
  options?: readonly OptionDescription[];
};

export type Values = Readonly<Record<string, unknown>>;

/** Every option editor has these props and is found by the option's type in `editors.tsx`. */
export type EditorProps = {
  option: OptionDescription;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string;
  /** Errors of the whole form by dotted path, for editors with fields within. */
  errors: Readonly<Record<string, string>>;
  path: string;
};

/** Whether the form shows an option: while the one it depends on says so, and is shown itself. One that is not given counts as its default. */
export function isVisible(option: OptionDescription, values: Values, options: readonly OptionDescription[]): boolean {
  const when = option.visible_when;
  if (!when) return true;
  const decider = options.find((o) => o.key === when.key);
  if (decider && !isVisible(decider, values, options)) return false;
  const value = values[when.key] === undefined ? decider?.default : values[when.key];
  return when.in ? when.in.includes(value) : value === when.equals;
}

/** The defaults of a description, to start a new step with. */
export const defaultsOf = (options: readonly OptionDescription[]): Record<string, unknown> =>
  Object.fromEntries(
    options.filter((o) => o.default !== undefined && o.default !== null).map((o) => [o.key, o.default]),
  );
