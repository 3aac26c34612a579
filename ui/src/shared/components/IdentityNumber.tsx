import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from './Button';
import styles from './IdentityNumber.module.css';

/** The last four are shown only while somebody wants to see them. */
export function IdentityNumber({ number }: { number: string }) {
  const [isWhole, setWhole] = useState(false);
  return (
    <span className={styles.identity}>
      {isWhole ? number : `${number.slice(0, -4)}••••`}
      <Button
        look="quiet"
        size="icon"
        aria-label={isWhole ? m.panel_identity_hide() : m.panel_identity_show()}
        aria-pressed={isWhole}
        onPress={() => setWhole(!isWhole)}
        data-testid="show-identity"
      >
        {isWhole ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
      </Button>
    </span>
  );
}
