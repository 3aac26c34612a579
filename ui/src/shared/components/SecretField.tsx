import { clsx } from 'clsx';
import { Eye, EyeOff } from 'lucide-react';
import { type Ref, useState } from 'react';
import {
  Button as AriaButton,
  FieldError,
  Input,
  Label,
  Text,
  TextField,
} from 'react-aria-components';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from './Button';
import styles from './Field.module.css';
import {
  findInvisible,
  type InvisibleCount,
  type InvisibleKind,
  removeInvisible,
} from './invisible';

export type SecretFieldProps = {
  label: string;
  hint?: string;
  /** What is wrong and what to do; null while nothing is, '' if the form says it. */
  error: string | null;
  value: string;
  onChange: (value: string) => void;
  name: string;
  autoComplete: 'current-password' | 'new-password';
  /** Names of the button that shows and hides what is typed. */
  showLabel: string;
  hideLabel: string;
  testId: string;
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
};

/**
 * A password or passphrase. Pasting is allowed; characters that came along unseen are named, and
 * removed only when the person asks for it.
 */
export function SecretField({
  label,
  hint,
  error,
  value,
  onChange,
  name,
  autoComplete,
  showLabel,
  hideLabel,
  testId,
  autoFocus = false,
  ref,
}: SecretFieldProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <TextField
      className={styles.field ?? ''}
      name={name}
      type={shown ? 'text' : 'password'}
      value={value}
      onChange={onChange}
      autoComplete={autoComplete}
      autoFocus={autoFocus}
      isInvalid={error !== null}
      spellCheck="false"
      validationBehavior="aria"
    >
      <Label className={styles.label}>{label}</Label>
      <div className={styles.control}>
        <Input
          ref={ref}
          className={clsx(styles.input, styles.withButton)}
          autoCapitalize="none"
          data-testid={testId}
        />
        <AriaButton
          className={styles.reveal ?? ''}
          aria-label={shown ? hideLabel : showLabel}
          onPress={() => setShown(!shown)}
        >
          <Icon size={16} aria-hidden />
        </AriaButton>
      </div>
      {hint !== undefined && (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      )}
      {error !== null && error !== '' && (
        <FieldError className={styles.error ?? ''}>{error}</FieldError>
      )}
      <Stray found={findInvisible(value)} onRemove={() => onChange(removeInvisible(value))} />
    </TextField>
  );
}

/** The live region stands there from the start, or its first words would not be said. */
function Stray({ found, onRemove }: { found: InvisibleCount[]; onRemove: () => void }) {
  const count = found.reduce((sum, each) => sum + each.count, 0);
  return (
    <div className={styles.stray}>
      <span role="status">
        {count > 0 &&
          m.invisible_found({
            count,
            names: found.map((each) => `${NAMES[each.kind]()} (${each.count})`).join(', '),
          })}
      </span>
      {count > 0 && (
        <Button size="small" onPress={onRemove}>
          {m.invisible_remove()}
        </Button>
      )}
    </div>
  );
}

const NAMES: Record<InvisibleKind, () => string> = {
  zero_width: () => m.invisible_zero_width(),
  direction: () => m.invisible_direction(),
  tab: () => m.invisible_tab(),
  soft_hyphen: () => m.invisible_soft_hyphen(),
  nbsp: () => m.invisible_nbsp(),
};
