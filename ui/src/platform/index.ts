/** The only folder that may import from `@tauri-apps`. Tests bring a platform of their own. */
import type { Platform } from './platform';
import { tauri } from './tauri';

export * from './platform';

/** The program behind this window. */
export function connect(): Platform {
  if (!('__TAURI_INTERNALS__' in window)) {
    throw new Error('This page is the window of a program and cannot be opened in a browser.');
  }
  return tauri;
}
