import { createContext, use } from 'react';
import type { Platform } from '../../platform';

export const PlatformContext = createContext<Platform | null>(null);

/** The program behind the window. */
export function usePlatform(): Platform {
  const platform = use(PlatformContext);
  if (platform === null) {
    throw new Error('PlatformContext is missing');
  }
  return platform;
}
