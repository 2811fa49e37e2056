// How Hilo looks: one accent, the fonts of the system, sizes that can be touched.
import { createTheme, Loader } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'cyan',
  // White on it has a contrast of at least 4.5 to 1 (WCAG 1.4.3), in light and dark: the contrast is reckoned for light only.
  primaryShade: 9,
  autoContrast: true,
  // At this luminance black and white have the same contrast, 4.6 to 1: the better one is taken on each colour.
  luminanceThreshold: 0.179,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  respectReducedMotion: true,
  components: {
    // A label on an element without a role is not read out.
    Loader: Loader.extend({ defaultProps: { role: 'status' } }),
    // What scrolls is reached with the keyboard too.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } },
  },
});

/** Of this page's answer: styles that are made here are let in by it (Content-Security-Policy). */
export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
