import { clsx } from 'clsx';
import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import styles from './Button.module.css';

export type ButtonLook = 'plain' | 'primary' | 'quiet' | 'danger';

type ButtonProps = Omit<AriaButtonProps, 'className' | 'children' | 'style'> & {
  look?: ButtonLook;
  /** `icon` is a square for one icon; give it an `aria-label`. */
  size?: 'normal' | 'small' | 'icon';
  className?: string | undefined;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
};

/** A button with a verb. One `primary` in each view. */
export function Button({
  look = 'plain',
  size = 'normal',
  className,
  children,
  ...props
}: ButtonProps) {
  return (
    <AriaButton
      {...props}
      className={clsx(
        styles.button,
        look !== 'plain' && styles[look],
        size !== 'normal' && styles[size],
        className,
      )}
    >
      {children}
    </AriaButton>
  );
}
