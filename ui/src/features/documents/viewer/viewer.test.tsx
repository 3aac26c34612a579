import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { DocumentView } from '../../../generated/rpc';
import { FakeCore } from '../../../testing/fake-core';
import { axeViolations, openDocuments, showWindow } from '../../../testing/show';
import { folded, MATCHES_MAX, marksOf, matchesIn, pageText } from './find';
import { densityFor } from './PdfPage';
import { pageRead } from './use-near-pages';

const TEXT = 'Intyg för Åsa';
const pdf = vi.hoisted(() => ({ fault: null as string | null, text: '' }));

/** The reader needs a canvas and a worker, which jsdom has not: its pages are tested in the real window. */
vi.mock('./pdf', () => ({
  AnnotationMode: {},
  RenderingCancelledException: class extends Error {},
  TextLayer: class {
    textDivs = [];
    textContentItemsStr = [];
    async render() {}
    cancel() {}
  },
  async openPdf() {
    if (pdf.fault !== null) {
      throw pdf.fault;
    }
    const page = {
      getViewport: () => ({ width: 600, height: 800 }),
      render: () => ({ promise: new Promise(() => {}), cancel() {} }),
      streamTextContent: () => new ReadableStream(),
      getTextContent: async () => ({ items: [{ str: pdf.text, hasEOL: false }] }),
      cleanup() {},
    };
    return { document: { numPages: 3, getPage: async () => page }, close() {} };
  },
}));

beforeEach(() => {
  pdf.fault = null;
  pdf.text = TEXT;
});

async function show(document: Partial<DocumentView> = {}, officer = true) {
  const core = new FakeCore();
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: officer }));
  core.documents.addRow('case-1', { id: 'Betyg' });
  core.documents.addDocument('case-1', 'Betyg', { mine: !officer, ...document });
  const shown = await showWindow(core);
  await openDocuments(shown.user, 'F-gas, kategori I');
  return { core, ...shown };
}

test('the text of a Word file is read beside the checklist, searched, and counts as opened', async () => {
  const { user } = await show({ name: 'betyg.docx', format: 'docx' });
  await user.click(screen.getByRole('button', { name: 'Läs betyg.docx här' }));
  const viewer = await screen.findByTestId('viewer');
  expect(await within(viewer).findByTestId('plain-text')).toHaveTextContent('Härmed intygas');
  expect(viewer).toHaveTextContent('Bara texten visas.');
  expect(screen.getByTestId('accept')).toBeVisible();
  expect(await axeViolations(viewer)).toEqual([]);

  await user.keyboard('{Control>}f{/Control}');
  await user.type(await within(viewer).findByTestId('viewer-find'), 'intyg');
  await waitFor(() =>
    expect(within(viewer).getByTestId('viewer-found')).toHaveTextContent('1 av 2'),
  );
  await user.keyboard('{Enter}');
  expect(within(viewer).getByTestId('viewer-found')).toHaveTextContent('2 av 2');
  await user.keyboard('{Escape}');
  expect(within(viewer).queryByTestId('viewer-find')).toBeNull();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByTestId('viewer')).toBeNull());
  await waitFor(() => expect(screen.getByTestId('look-at-document')).toHaveFocus());

  await user.click(screen.getByTestId('accept'));
  await screen.findByTestId('confirm-accept');
  expect(screen.queryByText(/Du har inte öppnat filen här/)).toBeNull();
});

test('before it is accepted, a file that nobody has read can be read from the question', async () => {
  const { user } = await show();
  await user.click(screen.getByTestId('accept'));
  expect(await screen.findByTestId('look-first')).toHaveFocus();
  await user.keyboard('{Enter}');
  const pages = await screen.findByTestId('pdf-pages');
  await waitFor(() => expect(pages).toHaveFocus());
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(screen.getAllByTestId('pdf-page')).toHaveLength(3);
  expect(screen.getByRole('region', { name: 'Sida 3 av 3' })).toBeInTheDocument();
  expect(await axeViolations(screen.getByTestId('viewer'))).toEqual([]);
  const zoom = screen.getByTestId('viewer-zoom').textContent;
  await user.click(screen.getByTestId('viewer-zoom-in'));
  expect(screen.getByTestId('viewer-zoom').textContent).not.toBe(zoom);
  await user.click(screen.getByTestId('viewer-find-open'));
  await user.type(await screen.findByTestId('viewer-find'), 'åsa');
  await waitFor(() => expect(screen.getByTestId('viewer-found')).toHaveTextContent('1 av 3'));
});

test.each([
  ['broken', 'Filen är skadad'],
  ['encrypted', 'skyddad med lösenord'],
  ['empty', 'Filen har inga sidor'],
])('a PDF that is %s says so and names the other two ways', async (fault, words) => {
  pdf.fault = fault;
  const { user } = await show();
  await user.click(screen.getByTestId('look-at-document'));
  const unreadable = await screen.findByTestId('viewer-unreadable');
  expect(unreadable).toHaveTextContent(words);
  expect(unreadable).toHaveTextContent('Öppna den i ett annat program eller spara en kopia.');
  const viewer = within(screen.getByTestId('viewer'));
  expect(viewer.getByTestId('open-document')).toBeVisible();
  expect(viewer.getByTestId('save-document')).toBeVisible();
});

test('what is not here is fetched first, and says how far that has come', async () => {
  const { core, user } = await show({ here: false, format: 'docx', name: 'betyg.docx' }, false);
  const document = core.documents.row('case-1', 'Betyg').documents[0];
  core.hold('archive.keep');
  await user.click(screen.getByTestId('look-at-document'));
  expect(await screen.findByText('Dokumentet hämtas.')).toBeVisible();
  await waitFor(() => expect(core.callsOf('archive.keep')).toHaveLength(1));
  act(() => {
    core.documents.change(document?.id ?? '', { fetching: { done: 9_000_000, total: 30_000_000 } });
    core.announce('documents');
  });
  const viewer = within(screen.getByTestId('viewer'));
  expect(await viewer.findByTestId('fetching')).toHaveTextContent('9 MB av 30 MB');
  act(() => {
    core.documents.change(document?.id ?? '', { fetching: null, here: true });
    core.announce('documents');
  });
  expect(await viewer.findByTestId('plain-text')).toHaveTextContent('Härmed intygas');
});

test('of a text that has it everywhere so many are marked, and the person is told', async () => {
  const { core, user } = await show({ name: 'betyg.docx', format: 'docx' });
  core.documents.text = { text: 'ab '.repeat(MATCHES_MAX + 500), cut: false };
  await user.click(screen.getByRole('button', { name: 'Läs betyg.docx här' }));
  const text = await screen.findByTestId('plain-text');
  await user.keyboard('{Control>}f{/Control}');
  await user.type(await screen.findByTestId('viewer-find'), 'ab');
  await waitFor(() =>
    expect(screen.getByTestId('viewer-found')).toHaveTextContent('Visar de 2000 första.'),
  );
  expect(text.querySelectorAll('mark')).toHaveLength(MATCHES_MAX);
  expect(text.textContent).toBe(core.documents.text.text);
});

test('in a PDF no more are looked for than are shown, over all its pages', async () => {
  pdf.text = 'ab '.repeat(MATCHES_MAX - 500);
  const { user } = await show();
  await user.click(screen.getByTestId('look-at-document'));
  await user.click(await screen.findByTestId('viewer-find-open'));
  await user.type(await screen.findByTestId('viewer-find'), 'ab');
  await waitFor(() =>
    expect(screen.getByTestId('viewer-found')).toHaveTextContent('Visar de 2000 första. 1 av 2000'),
  );
});

test('a page as large as a wall is drawn with fewer dots, an ordinary one with those wished', () => {
  expect(densityFor({ width: 595, height: 842 }, 130 / 72)).toBe(130 / 72);
  const wall = { width: 14_400, height: 14_400 };
  const dots = densityFor(wall, 130 / 72);
  expect(dots * wall.width * dots * wall.height).toBeCloseTo(16_000_000);
});

test('what is looked for may go on in the next line and piece, and is marked in each', () => {
  const text = pageText([
    { str: 'Härmed in', hasEOL: false },
    { str: 'tygas', hasEOL: true },
    { str: 'att Åsa', hasEOL: false },
  ]);
  const [match, ...others] = matchesIn(4, text, ' INTYGAS\natt ');
  expect(others).toEqual([]);
  expect(match).toEqual({ page: 4, from: 7, to: 18 });
  const marks = marksOf(text, match === undefined ? [] : [{ ...match, index: 2 }]);
  expect([...marks]).toEqual([
    [0, [{ from: 7, to: 9, match: 2 }]],
    [1, [{ from: 0, to: 6, match: 2 }]],
    [2, [{ from: 0, to: 3, match: 2 }]],
  ]);
  expect(matchesIn(1, text, ' ')).toEqual([]);
  expect(folded('İ')).toBe('İ');
});

test('the page that is read is the one a third of the way down, and the last at the very end', () => {
  const height = 800;
  const place = { scrollTop: 0, clientHeight: 600, scrollHeight: 3 * height };
  const scroller = document.createElement('div');
  for (const key of ['scrollTop', 'clientHeight', 'scrollHeight'] as const) {
    Object.defineProperty(scroller, key, { get: () => place[key] });
  }
  const pages = [0, 1, 2].map((number) => {
    const page = document.createElement('div');
    page.getBoundingClientRect = () =>
      new DOMRect(0, number * height - place.scrollTop, 600, height);
    return page;
  });
  const readAt = (scrollTop: number) => {
    place.scrollTop = scrollTop;
    return pageRead(scroller, pages);
  };
  expect([0, 590, 610, 1_390, 1_410, 1_800].map(readAt)).toEqual([1, 1, 2, 2, 3, 3]);
  // a last page that never reaches the line
  place.scrollHeight = 1_900;
  expect([1_200, 1_300].map(readAt)).toEqual([2, 3]);
});

test('a look that fails later takes nothing from whoever reads', async () => {
  const { core, user } = await show({ name: 'betyg.pdf', format: 'pdf' });
  await user.click(screen.getByRole('button', { name: 'Läs betyg.pdf här' }));
  await user.keyboard('{Control>}f{/Control}');
  await user.type(await screen.findByTestId('viewer-find'), 'intyg');
  const before = core.callsOf('documents.look').length;
  core.failOn('documents.look', 'internal');
  act(() => core.announce('documents'));
  await waitFor(() => expect(core.callsOf('documents.look').length).toBeGreaterThan(before));
  expect(screen.getByTestId('viewer-find')).toHaveValue('intyg');
});
