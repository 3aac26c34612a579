import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What pdf.js reads by name while it draws: fonts that every reader has, and decoders without WebAssembly. */
const READER_PARTS = [
  ...['', 'Bold', 'BoldItalic', 'Italic'].flatMap((style) => [
    `standard_fonts/FoxitFixed${style}.pfb`,
    `standard_fonts/FoxitSerif${style}.pfb`,
  ]),
  ...['Regular', 'Bold', 'BoldItalic', 'Italic'].map(
    (style) => `standard_fonts/LiberationSans-${style}.ttf`,
  ),
  'standard_fonts/FoxitDingbats.pfb',
  'standard_fonts/FoxitSymbol.pfb',
  'standard_fonts/LICENSE_FOXIT',
  'standard_fonts/LICENSE_LIBERATION',
  'wasm/jbig2_nowasm_fallback.js',
  'wasm/openjpeg_nowasm_fallback.js',
  'wasm/LICENSE_JBIG2',
  'wasm/LICENSE_OPENJPEG',
  'wasm/LICENSE_PDFJS_JBIG2',
  'wasm/LICENSE_PDFJS_OPENJPEG',
  'LICENSE',
];

/** Puts them beside the page, under the names that pdf.js asks for. */
export function readerParts() {
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  return {
    name: 'reader-parts',
    generateBundle() {
      for (const part of READER_PARTS) {
        const name = part.slice(part.lastIndexOf('/') + 1);
        const source = readFileSync(join(folder, part));
        this.emitFile({ type: 'asset', fileName: `pdf/${name}`, source });
      }
    },
  };
}
