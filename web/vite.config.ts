import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.KARTOTEKA_SERVER ?? 'http://127.0.0.1:8080';

/** Each of them is needed by the first list anyway. */
const FIRST_LIST = new RegExp(
  String.raw`src/records/(paths|may-edit|form/new-from|form/draft|record-shape|RecordAvatar|minimised/minimised-cards|operations/use-undo-with-toast|hover/hover-names|tiles/tile-names|card/related-blocks|card/card-tools|done/(done|DoneTick|RecordValue|done\.module)|referring/referring` +
    String.raw`|filter-bar/(ConditionText|ConditionChips|FilterBar\.module)` +
    String.raw`|list/(lazy-parts|ListEnd|row-menu-place|shift-press|columns|list-search|saved-views|list-place|cell-value|use-row-height|use-grid-keys|RowMenuButton|TitleLink|RecordTable\.module|ViewTabs\.module|TableHead|CountText|use-bulk-actions|use-list-state|cell-place|use-takes-keys))\.(tsx?|css)`,
);

/** No part of the first list needs one of them. */
const PAGES = /src\/(ui\/(OptionPicker|OptionList|option-search|use-option-list|SuggestInput|FormField|Page|Table|ProgressBar)\.|api\/(presence|counts|working-hours|cells)\.|util\/(filter-json|tree-keys|time-zones)\.)/;

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    proxy: { '/api': { target: server, changeOrigin: false } },
  },
  build: {
    target: 'es2022',
    // The server forbids `data:` fonts and inline scripts, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            // What only the login and the settings use comes with them.
            { name: 'base', test: /src\/((api|ui|util)\/(?!.*locales|CopyField|copy-text|use-wanted|(OptionPicker|OptionList|option-search|use-option-list|SuggestInput|FormField|Page|Table|ProgressBar)\.|(presence|counts|working-hours|cells|filter-json|tree-keys|time-zones|retention|mail|webhooks|providers|api-keys|invitations|safe-path|sign-in|passkeys|users|app-passwords|roles|access|audit|personal-data|imports|duplicates|handover|base64url|device-name|notifications|read-format|calendar|boards|push|push-browser|rates|timeline|followers|work|figures|orders|user-photos|tree|sums|times|pointer|use-now|spans|pivots|free-times|workload|sales-plan|task-templates|sets)\.ts)|fields\/registry\.ts$)/ },
            { name: 'vendor', test: /node_modules\/(@tanstack|i18next|react-i18next|@floating-ui)\// },
            // Small parts of the first list that other pages share: each would be a request with its own head.
            { name: 'list', test: FIRST_LIST },
            // What the pages behind it share. Behind the others, which keep what they need themselves.
            { name: 'pages', test: PAGES },
            // An icon that two pages share would be a request of its own.
            { name: 'icons', test: /node_modules\/@tabler\//, minShareCount: 2 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    env: { TZ: 'Europe/Kyiv' },
  },
});
