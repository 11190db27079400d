import '@fontsource-variable/inter/wght.css';
import '@/ui/tokens.css';
import '@/ui/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ToastHost } from '@/ui/ToastHost';
import { followInstallPrompt } from '@/util/install-prompt';
import { applyStoredTheme } from './appearance';
import { startTexts } from './i18n';
import { queryClient } from './query-client';
import { router } from './router';

applyStoredTheme();
followInstallPrompt();
await startTexts();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <ToastHost />
    </QueryClientProvider>
  </StrictMode>,
);

// The page first; while developing there is no worker, which would keep what changes.
if (import.meta.env.PROD && 'serviceWorker' in navigator) void import('./worker-link').then((link) => link.linkWorker());
