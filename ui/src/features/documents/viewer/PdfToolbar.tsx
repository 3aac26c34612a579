import { Minus, MoveHorizontal, Plus, Printer, Search } from 'lucide-react';
import { useId, useState } from 'react';
import { m } from '../../../i18n/paraglide/messages.js';
import { Button } from '../../../shared/components/Button';
import { Hidden } from '../../../shared/components/Hidden';
import styles from './Viewer.module.css';

type PdfToolbarProps = {
  page: number;
  count: number;
  scale: number;
  isFitted: boolean;
  onPage: (page: number) => void;
  onZoom: (by: 1 | -1) => void;
  onFit: () => void;
  onFind: () => void;
  onPrint: () => void;
};

/** Going to a page, zooming, searching, printing. */
export function PdfToolbar({
  page,
  count,
  scale,
  isFitted,
  onPage,
  onZoom,
  onFit,
  onFind,
  onPrint,
}: PdfToolbarProps) {
  return (
    <div className={styles.tools} role="toolbar" aria-label={m.viewer_tools()}>
      <PageField page={page} count={count} onPage={onPage} />
      <span className={styles.group}>
        <Button
          size="icon"
          look="quiet"
          aria-label={m.viewer_zoom_out()}
          isDisabled={scale <= 0.5}
          onPress={() => onZoom(-1)}
          data-testid="viewer-zoom-out"
        >
          <Minus size={16} aria-hidden />
        </Button>
        <span className={styles.percent} role="status" data-testid="viewer-zoom">
          <Hidden>{m.viewer_zoom()} </Hidden>
          {m.viewer_percent({ percent: Math.round(scale * 100) })}
        </span>
        <Button
          size="icon"
          look="quiet"
          aria-label={m.viewer_zoom_in()}
          isDisabled={scale >= 4}
          onPress={() => onZoom(1)}
          data-testid="viewer-zoom-in"
        >
          <Plus size={16} aria-hidden />
        </Button>
        <Button
          size="icon"
          look="quiet"
          aria-label={m.viewer_fit()}
          aria-pressed={isFitted}
          className={isFitted ? styles.pressed : undefined}
          onPress={onFit}
          data-testid="viewer-fit"
        >
          <MoveHorizontal size={16} aria-hidden />
        </Button>
      </span>
      <span className={styles.group}>
        <Button
          size="icon"
          look="quiet"
          aria-label={m.viewer_find()}
          onPress={onFind}
          data-testid="viewer-find-open"
        >
          <Search size={16} aria-hidden />
        </Button>
        <Button
          size="icon"
          look="quiet"
          aria-label={m.viewer_print()}
          onPress={onPrint}
          data-testid="viewer-print"
        >
          <Printer size={16} aria-hidden />
        </Button>
      </span>
    </div>
  );
}

type PageFieldProps = { page: number; count: number; onPage: (page: number) => void };

/** The page that is read; another number goes there. */
function PageField({ page, count, onPage }: PageFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  function go(): void {
    const wanted = Number(typed);
    if (typed !== null && Number.isInteger(wanted) && wanted >= 1) {
      onPage(Math.min(wanted, count));
    }
    setTyped(null);
  }
  return (
    <span className={styles.group}>
      <label htmlFor={id}>{m.viewer_page()}</label>
      <input
        id={id}
        className={styles.number}
        type="text"
        inputMode="numeric"
        maxLength={5}
        value={typed ?? page}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTyped(event.target.value.replace(/\D/g, ''))}
        onBlur={go}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            go();
          } else if (event.key === 'Escape') {
            setTyped(null);
          }
        }}
        data-testid="viewer-page"
      />
      <span className={styles.count} data-testid="viewer-count">
        {m.viewer_of({ count })}
      </span>
    </span>
  );
}
