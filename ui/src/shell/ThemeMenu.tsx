import { Check, Monitor, Moon, Sun } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { m } from '../i18n/paraglide/messages.js';
import { Button } from '../shared/components/Button';
import { isTheme, THEMES, type Theme, useTheme } from '../shared/theme';
import styles from './ThemeMenu.module.css';

const LOOKS: Record<Theme, { icon: typeof Sun; word: () => string }> = {
  system: { icon: Monitor, word: () => m.theme_system() },
  light: { icon: Sun, word: () => m.theme_light() },
  dark: { icon: Moon, word: () => m.theme_dark() },
};

export function ThemeMenu() {
  const { theme, choose } = useTheme();
  const Current = LOOKS[theme].icon;
  return (
    <MenuTrigger>
      <Button look="quiet" size="icon" aria-label={m.theme_label()} data-testid="theme">
        <Current size={16} aria-hidden />
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Menu
          className={styles.menu ?? ''}
          aria-label={m.theme_label()}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[theme]}
          onSelectionChange={(keys) => {
            const [first] = keys === 'all' ? [] : [...keys];
            if (isTheme(first)) {
              choose(first);
            }
          }}
        >
          {THEMES.map((each) => {
            const Icon = LOOKS[each].icon;
            return (
              <MenuItem
                key={each}
                id={each}
                textValue={LOOKS[each].word()}
                className={styles.item ?? ''}
              >
                <Icon size={15} aria-hidden />
                {LOOKS[each].word()}
                {each === theme && <Check size={15} aria-hidden />}
              </MenuItem>
            );
          })}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
