import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatInstant, relative } from './format';

/** One clock for all: counts minutes, so that "3 minutes ago" stays true. */
function useNow() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

type Props = { at: string; mode?: 'relative' | 'full'; timeZone?: string };

/** An instant (ISO, UTC) in the user's zone; the other form stands in the tooltip and the title. */
export function When({ at, mode = 'relative', timeZone }: Props) {
  const now = useNow();
  const instant = new Date(at);
  const full = formatInstant(instant, timeZone);
  const near = relative(instant, now);
  return (
    <Tooltip label={mode === 'full' ? near : full}>
      <time dateTime={at} className="tabular">
        {mode === 'full' ? full : near}
      </time>
    </Tooltip>
  );
}
