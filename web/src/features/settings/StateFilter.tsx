import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';

type Props = { label: string; states: readonly { value: string; label: string }[] };

/** The state filter of a log; it stands in the address. */
export const useStateFilter = () => (useSearch({ strict: false }) as { state?: string }).state ?? '';

export function StateFilter({ label, states }: Props) {
  const state = useStateFilter();
  const navigate = useNavigate();
  return (
    <SegmentedControl
      maw="100%"
      style={{ overflowX: 'auto' }}
      aria-label={label}
      data={[...states]}
      value={state}
      onChange={(next) =>
        void navigate({ to: '.', search: (next === '' ? {} : { state: next }) as never, replace: true })
      }
    />
  );
}
