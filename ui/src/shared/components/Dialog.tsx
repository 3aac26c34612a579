import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './Dialog.module.css';

type DialogProps = {
  isOpen: boolean;
  /** Escape, or a press outside where `dismissable`. */
  onClose: () => void;
  title: string;
  /** `alertdialog` for a question that stops what the person was doing. */
  role?: 'dialog' | 'alertdialog';
  dismissable?: boolean;
  children: ReactNode;
  actions?: ReactNode;
};

/** A window over the window. Only the three questions of the design language may ask first. */
export function Dialog({
  isOpen,
  onClose,
  title,
  role = 'dialog',
  dismissable = false,
  children,
  actions,
}: DialogProps) {
  return (
    <ModalOverlay
      className={styles.backdrop ?? ''}
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) {
          onClose();
        }
      }}
      isDismissable={dismissable}
    >
      <Modal className={styles.modal ?? ''}>
        <AriaDialog role={role} className={styles.dialog ?? ''}>
          <Heading slot="title" level={2} className={styles.title ?? ''}>
            {title}
          </Heading>
          {children}
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
