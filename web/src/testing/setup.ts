import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';
import i18n from '@/i18n';
import { server } from './server';

// What jsdom lacks and Mantine and the virtual grid need: sizes and media queries.
class Sizes implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = Sizes;
window.IntersectionObserver = Sizes as unknown as typeof IntersectionObserver;
window.matchMedia = (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => {},
  removeListener: () => {},
  addEventListener: () => {},
  removeEventListener: () => {},
  dispatchEvent: () => false,
});
Element.prototype.scrollIntoView = () => {};
Element.prototype.scrollTo = () => {};
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => 600 });
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { configurable: true, get: () => 900 });
Object.defineProperty(document, 'fonts', {
  configurable: true,
  value: { addEventListener: () => {}, removeEventListener: () => {} },
});

beforeAll(async () => {
  server.listen({ onUnhandledRequest: 'error' });
  // Their texts come with the first page that has a form; a test of one control should not wait for them.
  await i18n.loadNamespaces(['forms', 'conditions']);
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());

// On a busy machine the first page of a file takes its time to load.
configure({ asyncUtilTimeout: 30_000 });
