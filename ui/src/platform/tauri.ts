/** The real program: one Tauri command, `rpc`, and one event, `changed`. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { type Changed, type Platform, toFault } from './platform';

export const tauri: Platform = {
  async call(method, params) {
    try {
      return await invoke('rpc', { method, params });
    } catch (thrown) {
      throw toFault(thrown);
    }
  },
  listen(onChanged) {
    return listen<Changed>('changed', (event) => onChanged(event.payload));
  },
};
