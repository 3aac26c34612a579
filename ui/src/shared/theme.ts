/** Light or dark, and how large the letters are. Remembered on this computer, outside the replica. */
import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'behorig.theme';

export function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}

/** Puts the remembered theme on the document; before anything is drawn. */
export function applyStoredTheme(): Theme {
  const theme = readTheme();
  applyTheme(theme);
  return theme;
}

export function useTheme(): { theme: Theme; choose: (theme: Theme) => void } {
  const theme = useSyncExternalStore(listen, readTheme);
  return { theme, choose: chooseTheme };
}

export function chooseTheme(next: Theme): void {
  applyTheme(next);
  remember(STORAGE_KEY, next);
}

export const TEXT_SIZES = ['normal', 'larger', 'large'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

const SIZE_KEY = 'behorig.text-size';

/** Puts the remembered size on the document; before anything is drawn. */
export function applyStoredTextSize(): void {
  applyTextSize(readTextSize());
}

export function useTextSize(): { size: TextSize; choose: (size: TextSize) => void } {
  const size = useSyncExternalStore(listen, readTextSize);
  return {
    size,
    choose(next) {
      applyTextSize(next);
      remember(SIZE_KEY, next);
    },
  };
}

function applyTextSize(size: TextSize): void {
  if (size === 'normal') {
    delete document.documentElement.dataset.text;
  } else {
    document.documentElement.dataset.text = size;
  }
}

function readTextSize(): TextSize {
  const stored = recall(SIZE_KEY);
  return TEXT_SIZES.find((each) => each === stored) ?? 'normal';
}

/** The menu and the page of settings show the same choice. */
const listeners = new Set<() => void>();
/** Without storage a choice holds until the window closes. */
const held = new Map<string, string>();

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? held.get(key) ?? null;
  } catch {
    return held.get(key) ?? null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    held.set(key, value);
  }
  for (const listener of listeners) {
    listener();
  }
}

function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

function readTheme(): Theme {
  const stored = recall(STORAGE_KEY);
  return isTheme(stored) ? stored : 'system';
}
