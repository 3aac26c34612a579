import { X } from 'lucide-react';
import type { PickedFile } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { rejectionText } from '../../shared/errors/rejections';
import styles from './Card.module.css';
import { FileName } from './FileName';

/** A file that cannot be sent: which one, why, and what to do. */
export function UnusableCard({ file, onForget }: { file: PickedFile; onForget: () => void }) {
  return (
    <div className={styles.card} role="alert" data-testid="unusable" data-bad>
      <div className={styles.top}>
        <FileName name={file.name} bytes={file.bytes} format={null} />
        <Button
          look="quiet"
          size="small"
          className={styles.forget}
          aria-label={m.file_forget({ name: file.name })}
          onPress={onForget}
        >
          <X size={15} aria-hidden />
        </Button>
      </div>
      <p className={styles.bad}>{rejectionText(file.refused ?? { code: 'unknown' })}</p>
    </div>
  );
}
