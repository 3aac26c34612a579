import { X } from 'lucide-react';
import type { PickedFile } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { rejectionText } from '../../shared/errors/rejections';
import styles from './Card.module.css';
import { FileName } from './FileName';
import { rowFocus } from './row-focus';

type UnusableFilesProps = { files: readonly PickedFile[]; onForget: () => void };

/** The files that were brought to a row and cannot be sent: which ones, why, and what to do. */
export function UnusableFiles({ files, onForget }: UnusableFilesProps) {
  return (
    <div className={styles.card} role="alert" data-testid="unusable" data-bad>
      <div className={styles.top}>
        <strong>{m.files_unusable({ count: files.length })}</strong>
        <Button
          look="quiet"
          size="small"
          className={styles.forget}
          onPress={({ target }) => {
            rowFocus(target)();
            onForget();
          }}
          data-testid="forget-unusable"
        >
          <X size={15} aria-hidden />
          {m.files_forget()}
        </Button>
      </div>
      <ul className={styles.unusable}>
        {files.map((file, index) => (
          // Two files of one name can be refused alike; they are told apart by place only.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={`${file.name}-${index}`}>
            <FileName name={file.name} bytes={file.bytes} format={null} />
            <p className={styles.bad}>{rejectionText(file.refused ?? { code: 'unknown' })}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
