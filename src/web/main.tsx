// Where the web application begins in the browser.
import '@mantine/core/styles.css';
import './shell/shell.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './session/queries.js';
import { router } from './shell/router.js';
import { nonce, theme } from './shell/theme.js';
import { LanguageProvider } from './texts/language.js';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no place for the application');
// What locks the page behind a dialog makes its style by itself, and asks for the nonce by this name.
Object.assign(globalThis, { __webpack_nonce__: nonce() });
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={nonce}>
      <LanguageProvider>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);
