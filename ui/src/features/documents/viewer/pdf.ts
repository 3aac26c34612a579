/**
 * The way from a sealed PDF to pdf.js. Bytes come from the core in parts, as they are needed, and go to the
 * worker that takes the file apart; this page gets drawing orders and text.
 *
 * Nothing in a file is run: pdf.js has no scripting here, forms are drawn as they are filled in, links lead
 * nowhere, and letters are drawn as outlines, so that no font of the file reaches the system.
 */
import {
  AnnotationMode,
  getDocument,
  PasswordException,
  PDFDataRangeTransport,
  type PDFDocumentProxy,
  type PDFPageProxy,
  PDFWorker,
  RenderingCancelledException,
  TextLayer,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import { type Platform, type RpcFault, toFault } from '../../../platform';

export type { PDFDocumentProxy, PDFPageProxy };
export { AnnotationMode, RenderingCancelledException, TextLayer };

/** Why a PDF cannot be shown. */
export type PdfFault = 'broken' | 'encrypted' | 'empty' | RpcFault;

export type OpenPdf = { document: PDFDocumentProxy; close: () => void };

/** As large as what the core gives at a time. */
const PART = 256 * 1024;
/** Larger pictures than an A3 page scanned at 600 dots an inch are left out. */
const IMAGE_MAX = 10_000 * 14_000;
/** Fonts that every reader has, and decoders that need no WebAssembly; see `vite.config.ts`. */
const PARTS_OF_READER = 'pdf/';

class Parts extends PDFDataRangeTransport {
  readonly #platform: Platform;
  readonly #document: string;
  readonly #onFault: (fault: RpcFault) => void;
  #isOver = false;

  constructor(
    platform: Platform,
    document: string,
    bytes: number,
    onFault: (fault: RpcFault) => void,
  ) {
    super(bytes, null);
    this.#platform = platform;
    this.#document = document;
    this.#onFault = onFault;
  }

  override requestDataRange(begin: number, end: number): void {
    void this.#read(begin, end).catch((thrown) => {
      if (!this.#isOver) {
        this.#onFault(toFault(thrown));
      }
    });
  }

  async #read(begin: number, end: number): Promise<void> {
    const whole = new Uint8Array(end - begin);
    let filled = 0;
    while (filled < whole.length && !this.#isOver) {
      const { base64 } = await this.#platform.call('documents.part', {
        document: this.#document,
        offset: begin + filled,
      });
      const part = bytesOf(base64).subarray(0, whole.length - filled);
      if (part.length === 0) {
        break;
      }
      whole.set(part, filled);
      filled += part.length;
    }
    if (!this.#isOver) {
      this.onDataRange(begin, whole.subarray(0, filled));
    }
  }

  override abort(): void {
    this.#isOver = true;
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** Opens a PDF that is on this computer. Rejects with a `PdfFault`. */
export async function openPdf(
  platform: Platform,
  document: string,
  bytes: number,
  onFault: (fault: RpcFault) => void,
): Promise<OpenPdf> {
  if (bytes === 0) {
    throw 'empty' satisfies PdfFault;
  }
  // Made here: pdf.js itself would wrap it into a blob, since our address is none of the web's.
  const port = new Worker(workerUrl, { type: 'module' });
  const worker = PDFWorker.create({ port });
  const parts = new Parts(platform, document, bytes, onFault);
  const base = new URL(PARTS_OF_READER, window.document.baseURI).href;
  const task = getDocument({
    worker,
    range: parts,
    rangeChunkSize: PART,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    disableFontFace: true,
    useSystemFonts: false,
    standardFontDataUrl: base,
    wasmUrl: base,
    maxImageSize: IMAGE_MAX,
    verbosity: 0,
  });
  function close(): void {
    parts.abort();
    void task.destroy().finally(() => {
      worker.destroy();
      port.terminate();
    });
  }
  try {
    const opened = await task.promise;
    if (opened.numPages === 0) {
      throw 'empty' satisfies PdfFault;
    }
    return { document: opened, close };
  } catch (thrown) {
    close();
    if (thrown === 'empty') {
      throw thrown;
    }
    throw faultOf(thrown);
  }
}

function faultOf(thrown: unknown): PdfFault {
  if (thrown instanceof PasswordException) {
    return 'encrypted';
  }
  return 'broken';
}
