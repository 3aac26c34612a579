/** Light, dark, or as the computer has it. Remembered on this computer, outside the replica. */
import { useState } from 'react';

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
  const [theme, setTheme] = useState(readTheme);
  return {
    theme,
    choose(next) {
      applyTheme(next);
      writeTheme(next);
      setTheme(next);
    },
  };
}

function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return isTheme(stored) ? stored : 'system';
  } catch {
    return 'system';
  }
}

function writeTheme(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Without storage the choice holds until the window closes.
  }
}
