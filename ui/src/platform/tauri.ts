/** The real program: one Tauri command, `rpc`, and its events. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { type Events, type Platform, toFault } from './platform';

export const tauri: Platform = {
  async call(method, params) {
    try {
      return await invoke('rpc', { method, params });
    } catch (thrown) {
      throw toFault(thrown);
    }
  },
  listen<E extends keyof Events>(event: E, onEvent: (payload: Events[E]) => void) {
    return listen<Events[E]>(event, ({ payload }) => onEvent(payload));
  },
};
