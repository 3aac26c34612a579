import { CircleUser, KeyRound, LogOut, UserCog } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { wordTexts } from '../features/session/word';
import { m } from '../i18n/paraglide/messages.js';
import { Button } from '../shared/components/Button';
import styles from './AccountMenu.module.css';

type AccountMenuProps = {
  keyring: boolean;
  onShowAccount: () => void;
  onChangeWord: () => void;
  onLogOut: () => void;
};

/** What the person can do with their own session. */
export function AccountMenu({ keyring, onShowAccount, onChangeWord, onLogOut }: AccountMenuProps) {
  const change = wordTexts(keyring).change();
  return (
    <MenuTrigger>
      <Button look="quiet" size="icon" aria-label={m.account_label()} data-testid="account">
        <CircleUser size={16} aria-hidden />
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Menu className={styles.menu ?? ''} aria-label={m.account_label()}>
          <MenuItem
            textValue={m.account_label()}
            className={styles.item ?? ''}
            onAction={onShowAccount}
            data-testid="show-account"
          >
            <UserCog size={15} aria-hidden />
            {m.account_label()}
          </MenuItem>
          <MenuItem
            textValue={change}
            className={styles.item ?? ''}
            onAction={onChangeWord}
            data-testid="account-change"
          >
            <KeyRound size={15} aria-hidden />
            {change}
          </MenuItem>
          <MenuItem
            textValue={m.log_out()}
            className={styles.item ?? ''}
            onAction={onLogOut}
            data-testid="log-out"
          >
            <LogOut size={15} aria-hidden />
            {m.log_out()}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
