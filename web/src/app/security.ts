import { setNonce } from 'get-nonce';

type Policy = { createHTML: (text: string) => string; createScript: () => never; createScriptURL: () => never };
type TrustedTypes = { createPolicy: (name: string, policy: Policy) => unknown };

const refuse = (): never => {
  throw new TypeError('The page may not make scripts from text.');
};

export const cspNonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** Mantine writes its style text through innerHTML; anything that could be a tag is refused. */
export function cssOnly(text: string): string {
  if (text.includes('<')) throw new TypeError('The page may not make elements from text.');
  return text;
}

/** Must run before React renders. */
export function secure() {
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
  types?.createPolicy('default', { createHTML: cssOnly, createScript: refuse, createScriptURL: refuse });
  if (cspNonce) setNonce(cspNonce);
}
