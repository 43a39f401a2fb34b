import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';

const cookie = 'millrace_color_scheme';

function read(): MantineColorScheme | undefined {
  const value = document.cookie
    .split('; ')
    .find((c) => c.startsWith(`${cookie}=`))
    ?.slice(cookie.length + 1);
  return value === 'light' || value === 'dark' || value === 'auto' ? value : undefined;
}

/** A cookie and not local storage, so that the host can write the attribute into the page before any script. */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: (fallback) => read() ?? fallback,
  set: (value) => {
    document.cookie = `${cookie}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`;
  },
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {
    document.cookie = `${cookie}=; Path=/; Max-Age=0; SameSite=Lax`;
  },
};
