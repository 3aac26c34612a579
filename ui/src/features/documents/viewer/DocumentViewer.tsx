import { FileX2, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { m } from '../../../i18n/paraglide/messages.js';
import { RpcFault } from '../../../platform';
import { Button } from '../../../shared/components/Button';
import { EmptyState } from '../../../shared/components/EmptyState';
import { FaultView } from '../../../shared/components/FaultView';
import { Loading } from '../../../shared/components/Loading';
import { SendingBar } from '../../../shared/components/SendingBar';
import { faultText } from '../../../shared/errors/faults';
import { usePlatform } from '../../../shared/rpc/platform-context';
import { useRead, useWrite } from '../../../shared/rpc/queries';
import { DocumentHandles } from '../DocumentHandles';
import { type Looking, useMemory } from '../documents-context';
import type { Size } from './PdfPage';
import { PdfView } from './PdfView';
import { type OpenPdf, openPdf, type PdfFault } from './pdf';
import { TextView } from './TextView';
import styles from './Viewer.module.css';

/** A document, read within the program. Mount it with the document's id as its key. */
export default function DocumentViewer({ looking }: { looking: Looking }) {
  const { document: id, name } = looking;
  const memory = useMemory();
  const title = useRef<HTMLHeadingElement>(null);
  const { data, error, refetch } = useRead('documents.look', { document: id });
  const fetch = useWrite('archive.keep');
  const isMissing = data !== undefined && !data.here && data.fetching === null;
  const tried = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once; after a failure the person says when
  useEffect(() => {
    if (isMissing && !tried.current) {
      tried.current = true;
      fetch.mutate({ document: id });
    }
  }, [isMissing]);
  useEffect(() => {
    title.current?.focus();
    // What is done with it stays in view beside it, or below.
    const row = window.document.querySelector(`[data-look="${id}"]`);
    row?.closest('article, [role=row]')?.scrollIntoView?.({ block: 'nearest' });
  }, [id]);

  // What is being read stays, whatever a later look says: a page and the words that are looked for would be lost.
  const fault = data === undefined ? error : isMissing ? fetch.error : null;
  return (
    <section
      className={styles.viewer}
      aria-label={m.viewer_label({ name })}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.preventDefault();
          memory.look(null);
        }
      }}
      data-testid="viewer"
    >
      <header className={styles.head}>
        <h2 ref={title} tabIndex={-1} className={styles.name}>
          <bdi>{name}</bdi>
        </h2>
        <div className={styles.ways}>
          <DocumentHandles
            document={{ id, name, here: true, fetching: data?.fetching ?? null }}
            isCompact
          />
          <Button
            size="icon"
            look="quiet"
            aria-label={m.viewer_close({ name })}
            onPress={() => memory.look(null)}
            data-testid="viewer-close"
          >
            <X size={16} aria-hidden />
          </Button>
        </div>
      </header>
      {fault !== null && (
        <FaultView
          fault={fault}
          onRetry={() => (error === null ? fetch.mutate({ document: id }) : void refetch())}
        />
      )}
      {fault === null && data?.here !== true && (
        <div className={styles.coming}>
          <p role="status">{m.viewer_fetching()}</p>
          {data?.fetching != null && <SendingBar progress={data.fetching} isMoving isFetching />}
        </div>
      )}
      {data?.here === true &&
        fault === null &&
        (data.format === 'pdf' ? (
          <Pdf id={id} name={name} bytes={data.bytes} onSeen={() => memory.addOpened(id)} />
        ) : (
          <Office id={id} name={name} onSeen={() => memory.addOpened(id)} />
        ))}
    </section>
  );
}

type ShownProps = { id: string; name: string; onSeen: () => void };

function Pdf({ id, name, bytes, onSeen }: ShownProps & { bytes: number }) {
  const platform = usePlatform();
  const [opened, setOpened] = useState<{ pdf: OpenPdf; first: Size } | null>(null);
  const [fault, setFault] = useState<PdfFault | null>(null);

  useEffect(() => {
    let isOver = false;
    let open: OpenPdf | null = null;
    async function begin(): Promise<void> {
      open = await openPdf(platform, id, bytes, setFault);
      if (isOver) {
        open.close();
        return;
      }
      const page = await open.document.getPage(1);
      const { width, height } = page.getViewport({ scale: 96 / 72 });
      if (!isOver) {
        setOpened({ pdf: open, first: { width, height } });
      }
    }
    begin().catch((thrown: unknown) => {
      if (!isOver) {
        setFault(thrown === 'encrypted' || thrown === 'empty' ? thrown : 'broken');
      }
    });
    return () => {
      isOver = true;
      open?.close();
      setOpened(null);
    };
  }, [platform, id, bytes]);

  if (fault !== null) {
    return <Unreadable text={wordsFor(fault)} />;
  }
  return opened === null ? (
    <Loading />
  ) : (
    <PdfView pdf={opened.pdf.document} first={opened.first} name={name} onSeen={onSeen} />
  );
}

function wordsFor(fault: PdfFault): string {
  if (fault instanceof RpcFault) {
    return faultText(fault);
  }
  switch (fault) {
    case 'broken':
      return m.viewer_broken();
    case 'encrypted':
      return m.viewer_encrypted();
    case 'empty':
      return m.viewer_empty();
  }
}

function Office({ id, name, onSeen }: ShownProps) {
  const { data, error, refetch } = useRead('documents.text', { document: id });
  if (data === undefined) {
    return error === null ? (
      <Loading />
    ) : (
      <FaultView fault={error} onRetry={() => void refetch()} />
    );
  }
  if (data.text === null) {
    return <Unreadable text={m.viewer_no_text()} />;
  }
  return data.text === '' ? (
    <Unreadable text={m.viewer_empty_text()} />
  ) : (
    <TextView text={data.text} cut={data.cut} name={name} onSeen={onSeen} />
  );
}

/** What cannot be shown here can be opened elsewhere, or saved. */
function Unreadable({ text }: { text: string }) {
  return (
    <div data-testid="viewer-unreadable" role="alert">
      <EmptyState icon={FileX2} title={text} hint={m.viewer_other_ways()} />
    </div>
  );
}
