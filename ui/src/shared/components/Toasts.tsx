/**
 * What was just done, for a while, with a way back. Stays while it has the pointer or the focus.
 */
import { X } from 'lucide-react';
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from './Button';
import styles from './Toasts.module.css';

const SHOWN_MS = 10_000;
const MOST_AT_ONCE = 3;

export type Toast = {
  /** A function, so that the toast follows a change of language. */
  text: () => string;
  /** Takes the act back; the button says so. */
  onUndo?: () => void;
  /** Opens what was saved; the button says so. */
  onOpen?: () => void;
  /** The toast has gone, and nobody took the act back. */
  onGone?: () => void;
};
type NumberedToast = Toast & { id: number };

const ToastContext = createContext<(toast: Toast) => void>(() => {});

/** Shows a toast. */
export function useToast(): (toast: Toast) => void {
  return use(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<NumberedToast[]>([]);
  const nextId = useRef(0);
  const show = useCallback((toast: Toast) => {
    nextId.current += 1;
    const numbered = { ...toast, id: nextId.current };
    setToasts((current) => [...current, numbered]);
  }, []);
  const remove = useCallback((id: number) => {
    setToasts((current) => current.filter((toast) => toast.id !== id));
  }, []);
  useEffect(() => {
    const [oldest] = toasts;
    if (oldest !== undefined && toasts.length > MOST_AT_ONCE) {
      remove(oldest.id);
      oldest.onGone?.();
    }
  }, [toasts, remove]);
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.region} role="status">
        {toasts.map((toast) => (
          <ToastRow key={toast.id} toast={toast} onGone={remove} />
        ))}
      </div>
    </ToastContext>
  );
}

function ToastRow({ toast, onGone }: { toast: NumberedToast; onGone: (id: number) => void }) {
  const [held, setHeld] = useState(false);
  const { id } = toast;
  const latest = useRef(toast);
  /** Where the focus was before it came here. */
  const from = useRef<Element | null>(null);
  useEffect(() => {
    if (held) {
      return;
    }
    const timer = setTimeout(() => {
      onGone(id);
      latest.current.onGone?.();
    }, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, id, onGone]);
  /** The button that was pressed goes away. */
  function goBack(): void {
    if (from.current instanceof HTMLElement) {
      from.current.focus();
    }
  }

  return (
    // The handlers only stop the clock; everything to do here is a button.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className={styles.toast}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={({ currentTarget, relatedTarget }) => {
        setHeld(true);
        if (!currentTarget.contains(relatedTarget)) {
          from.current = relatedTarget;
        }
      }}
      onBlur={() => setHeld(false)}
    >
      {toast.text()}
      {toast.onUndo !== undefined && (
        <Button
          size="small"
          onPress={() => {
            goBack();
            onGone(id);
            toast.onUndo?.();
          }}
        >
          {m.undo()}
        </Button>
      )}
      {toast.onOpen !== undefined && (
        <Button size="small" onPress={toast.onOpen} data-testid="toast-open">
          {m.toast_open()}
        </Button>
      )}
      <Button
        size="icon"
        aria-label={m.close()}
        onPress={() => {
          goBack();
          onGone(id);
          toast.onGone?.();
        }}
      >
        <X size={15} aria-hidden />
      </Button>
    </div>
  );
}
