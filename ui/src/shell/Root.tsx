import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { LocaleProvider } from '../i18n/locale';
import type { Platform } from '../platform';
import { PlatformContext } from '../shared/rpc/platform-context';
import { App } from './App';

type RootProps = { platform: Platform; client: QueryClient };

/** Everything the window stands on, for the program and for tests alike. */
export function Root({ platform, client }: RootProps) {
  return (
    <PlatformContext value={platform}>
      <QueryClientProvider client={client}>
        <LocaleProvider>{() => <App />}</LocaleProvider>
      </QueryClientProvider>
    </PlatformContext>
  );
}
