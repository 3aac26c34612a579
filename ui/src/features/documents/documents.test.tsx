import { act, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { PickedFile } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, findCases, openDocuments, showWindow } from '../../testing/show';

const CASE = 'F-gas, kategori I';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Three rows that are needed and one that is not, all open. */
function coreWithRows(): FakeCore {
  const core = new FakeCore();
  for (const id of ['Betyg', 'Intyg', 'Utdrag']) {
    core.documents.addRow('case-1', { id });
  }
  core.documents.addRow('case-1', { id: 'Övrigt', required: false });
  return core;
}

function row(id: string): HTMLElement {
  const found = screen.getAllByTestId('row').find((each) => each.dataset.rowId === id);
  if (found === undefined) {
    throw new Error(`no row ${id}`);
  }
  return found;
}

function unusable(name: string, fault: string, params: object = {}): PickedFile {
  const refused = { code: 'file_unusable', params: { fault, ...params } };
  return { file: null, name, bytes: 0, format: null, note: '', refused };
}

/** jsdom has no places; what is dropped lies over this element. */
function pointAt(element: Element | null): void {
  document.elementFromPoint = () => element;
}

/** Opens a row's dialog, where uploading is chosen, and has files picked. */
async function pickIn(user: UserEvent, rowId: string): Promise<void> {
  await user.click(within(row(rowId)).getByTestId('send-or-tell'));
  await user.click(await screen.findByTestId('pick'));
}

async function pick(core: FakeCore, rowId: string, ...files: PickedFile[]) {
  const shown = await showWindow(core);
  await openDocuments(shown.user, CASE);
  core.documents.nextPick = files;
  await pickIn(shown.user, rowId);
  return shown;
}

test('the rows stand in order, each with its state, and a counter says how far it has come', async () => {
  const core = coreWithRows();
  core.documents.addDocument('case-1', 'Betyg', { handling: 'accepted' });
  core.documents.addDocument('case-1', 'Intyg');
  const { user } = await showWindow(core);
  await findCases();
  expect(await screen.findByText('2 av 3 dokument')).toBeVisible();
  await openDocuments(user, CASE);
  expect(screen.getByRole('tab', { name: /^Ladda upp intyg.*1 dokument saknas/ })).toBeVisible();
  expect(screen.getAllByTestId('row').map((each) => each.dataset.rowId)).toEqual([
    'Betyg',
    'Intyg',
    'Utdrag',
    'Övrigt',
  ]);
  expect(row('Betyg')).toHaveAttribute('data-state', 'accepted');
  expect(row('Betyg')).toHaveTextContent('Godkänt');
  expect(row('Intyg')).toHaveTextContent('Väntar på handläggaren');
  expect(row('Utdrag')).toHaveTextContent('Saknas');
  expect(row('Övrigt')).toHaveTextContent('Frivilligt');
  expect(screen.getByTestId('documents-count')).toHaveTextContent(
    '2 av 3 rader ifyllda · 1 godkänt',
  );
  await user.click(screen.getByTestId('locale'));
  expect(screen.getByRole('heading', { name: 'Betyg (en)' })).toBeVisible();
  expect(screen.getByTestId('documents-count')).toHaveTextContent('2 of 3 rows filled in');
});

// Covers KW-67, KW-72
test('an "i" after the name tells what the document must contain, by key too', async () => {
  const { user } = await showWindow(coreWithRows());
  await openDocuments(user, CASE);
  screen.getByRole('button', { name: 'Vad ska finnas i Betyg?' }).focus();
  await user.keyboard('{Enter}');
  const help = await screen.findByRole('dialog', { name: 'Betyg' });
  expect(help).toHaveTextContent('Hjälp om Betyg');
  expect(help).toHaveTextContent(/undertecknat, med namnförtydligande/);
  expect(help).toHaveTextContent(/Skanna alla sidor i ordning till en enda PDF-fil/);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

// Covers KW-73
test('every row that is not accepted takes a file, and no other', async () => {
  const core = coreWithRows();
  core.documents.addDocument('case-1', 'Betyg', { handling: 'accepted' });
  core.documents.addDocument('case-1', 'Intyg', { handling: 'refused' });
  const { user } = await showWindow(core);
  await openDocuments(user, CASE);
  expect(screen.queryByRole('button', { name: 'Ladda upp eller meddela: Betyg' })).toBeNull();
  for (const name of ['Intyg', 'Utdrag', 'Övrigt']) {
    const button = screen.getByRole('button', { name: `Ladda upp eller meddela: ${name}` });
    expect(button).toHaveTextContent('Ladda upp/meddela');
  }
});

test('a picked file comes into view, with the button that sends it', async () => {
  const shown: Element[] = [];
  // jsdom draws nothing and has no such method.
  Element.prototype.scrollIntoView = function scrollIntoView() {
    shown.push(this);
  };
  const core = coreWithRows();
  await pick(core, 'Betyg', core.documents.file('betyg.pdf'));
  const picked = await screen.findByTestId('picked');
  await waitFor(() => expect(shown).toContain(picked));
  Reflect.deleteProperty(Element.prototype, 'scrollIntoView');
});

// Covers KW-76, KW-77, KW-78
test('a file is picked, noted on and handed over', async () => {
  const core = coreWithRows();
  const file = core.documents.file('betyg.pdf', 4_530_000);
  const { user } = await pick(core, 'Betyg', file);
  const picked = await within(row('Betyg')).findByTestId('picked');
  expect(picked).toHaveTextContent('betyg.pdf');
  expect(picked).toHaveTextContent('PDF, 4,5 MB');
  expect(picked).toHaveTextContent('Ej skickat');
  expect(core.callsOf('documents.pick')).toEqual([{ case: 'case-1', row: 'Betyg' }]);
  await user.type(within(picked).getByRole('textbox', { name: 'Notering om filen' }), 'Från 1998');
  await waitFor(() =>
    expect(core.callsOf('documents.note_save').at(-1)).toEqual({
      file: file.file,
      note: 'Från 1998',
    }),
  );
  await user.click(within(picked).getByRole('button', { name: 'Skicka betyg.pdf' }));
  await screen.findByTestId('transfer-box');
  expect(core.callsOf('documents.submit')).toEqual([
    { file: file.file, note: 'Från 1998', checked: true },
  ]);
  await user.click(screen.getByRole('button', { name: 'Stäng' }));
  const document = await within(row('Betyg')).findByTestId('document');
  expect(document).toHaveTextContent('Från 1998');
  expect(within(row('Betyg')).queryByTestId('picked')).toBeNull();
});

// Covers KW-77
test('a note is not needed, and one that is too long says so', async () => {
  const core = coreWithRows();
  core.documents.maxNote = 20;
  const { user } = await pick(core, 'Betyg', core.documents.file('a.pdf'));
  const note = await screen.findByTestId('note');
  await user.click(note);
  await user.paste('x'.repeat(22));
  expect(screen.getByText('Texten är 2 tecken för lång. Den får ha högst 20.')).toBeVisible();
  expect(screen.getByTestId('submit-document')).toBeDisabled();
  await user.clear(note);
  await user.click(screen.getByTestId('submit-document'));
  await screen.findByTestId('transfer-box');
  expect(core.callsOf('documents.submit')).toEqual([{ file: 'file-1', note: '', checked: true }]);
});

// Covers KW-45
test('a note outlives the program, even when it is closed at once', async () => {
  const core = coreWithRows();
  const { user, close } = await pick(core, 'Betyg', core.documents.file('a.pdf'));
  await user.type(await screen.findByTestId('note'), 'halvt');
  close();
  await waitFor(() => expect(core.documents.row('case-1', 'Betyg').picked[0]?.note).toBe('halvt'));
});

// Covers KW-79
test('the box after a transfer says queued, sent or received, and never more than is true', async () => {
  const core = coreWithRows();
  core.sync = { ...core.sync, line: 'offline' };
  const { user } = await pick(core, 'Betyg', core.documents.file('betyg.pdf', 1_200_000));
  await user.click(await screen.findByTestId('submit-document'));
  const box = await screen.findByTestId('transfer-box');
  expect(screen.getByRole('dialog', { name: 'Filen ligger i utkorgen' })).toBeVisible();
  expect(box).toHaveTextContent('Den ligger på den här datorn och är inte mottagen.');
  expect(box).toHaveTextContent('Väntar på att skickas');

  await act(async () => core.setLine('online'));
  expect(await screen.findByRole('dialog', { name: 'Filen skickas nu' })).toBeVisible();
  expect(box).not.toHaveTextContent('Filen är mottagen');
  core.sendPart(600_000);
  expect(await screen.findAllByText('600 kB av 1,2 MB skickat')).not.toHaveLength(0);

  core.move('received');
  expect(await screen.findByRole('dialog', { name: 'Filen är mottagen' })).toBeVisible();
  expect(box).toHaveAttribute('data-state', 'received');
  await user.click(screen.getByTestId('close-transfer-box'));
  await waitFor(() => expect(screen.queryByTestId('transfer-box')).toBeNull());
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Betyg' })).toHaveFocus());
});

// Covers KW-79
test('the box speaks English too', async () => {
  const core = coreWithRows();
  core.sync = { ...core.sync, line: 'offline' };
  const { user } = await pick(core, 'Betyg', core.documents.file('betyg.pdf'));
  await screen.findByTestId('picked');
  await user.click(screen.getByTestId('locale'));
  await user.click(await screen.findByRole('button', { name: 'Send betyg.pdf' }));
  expect(
    await screen.findByRole('dialog', { name: 'The file is in the outbox' }),
  ).toHaveTextContent('is not received');
  expect(screen.getByRole('button', { name: 'Close' })).toBeVisible();
});

test('a document that waits, one that is being sent and one that is received look different', async () => {
  const core = coreWithRows();
  core.sync = { ...core.sync, line: 'offline' };
  const sending = { done: 2_000_000, total: 8_000_000 };
  core.documents.addDocument('case-1', 'Betyg', { state: 'queued', sending });
  core.documents.addDocument('case-1', 'Intyg');
  const { user } = await showWindow(core);
  await openDocuments(user, CASE);
  const waiting = within(row('Betyg')).getByTestId('document');
  expect(waiting).toHaveAttribute('data-state', 'queued');
  expect(waiting).toHaveTextContent('Väntar på att skickas');
  expect(waiting).toHaveTextContent('2 MB av 8 MB skickat, väntar');
  expect(row('Betyg')).toHaveTextContent('Inte mottaget än');
  expect(row('Betyg')).not.toHaveTextContent('Väntar på handläggaren');
  expect(within(row('Intyg')).getByTestId('document')).toHaveTextContent('Mottaget');
  await act(async () => core.setLine('online'));
  await waitFor(() => expect(waiting).toHaveTextContent('Skickas'));
  expect(waiting).not.toHaveTextContent('Mottaget');
  expect(waiting.querySelector('progress')).toHaveAttribute('value', '2000000');
});

// Covers KW-71
test.each<[string, object, string]>([
  ['empty', {}, 'Filen är tom.'],
  ['too_large', { bytes: 62e6, max: 25e6 }, 'Filen är 62 MB. Den får vara högst 25 MB.'],
  ['unknown_format', {}, 'Filen är inte Word, Excel eller PDF.'],
  ['disguised', { found: null }, 'Innehållet är något annat än vad filnamnet säger.'],
  ['disguised', { found: 'docx' }, 'Innehållet är DOCX, men filnamnet säger något annat.'],
  ['encrypted', {}, 'Filen är skyddad med lösenord'],
  ['macros', {}, 'Filen innehåller makron.'],
  ['truncated', {}, 'Filen är skadad eller avklippt.'],
  ['of_tomorrow', {}, 'Filen går inte att använda.'],
])(
  'a file that is %s %j is refused with its reason, and the others are taken',
  async (fault, params, words) => {
    const core = coreWithRows();
    const good = core.documents.file('bra.pdf');
    const { user } = await pick(core, 'Betyg', unusable('dålig.pdf', fault, params), good);
    const alert = await within(row('Betyg')).findByTestId('unusable');
    expect(alert).toHaveTextContent('dålig.pdf');
    expect(alert).toHaveTextContent(words);
    expect(await within(row('Betyg')).findByTestId('picked')).toHaveTextContent('bra.pdf');
    await user.click(within(alert).getByRole('button', { name: 'Dölj' }));
    expect(screen.queryByTestId('unusable')).toBeNull();
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Betyg' })).toHaveFocus());
  },
);

test('all files that cannot be sent stand in one box, each once', async () => {
  const core = coreWithRows();
  const bad = [unusable('a.png', 'unknown_format'), unusable('b.pdf', 'empty')];
  const { user } = await pick(core, 'Betyg', ...bad);
  const box = await screen.findByRole('alert');
  expect(box).toHaveTextContent('2 filer går inte att skicka');
  core.documents.nextPick = [unusable('b.pdf', 'truncated'), unusable('c.pdf', 'macros')];
  await pickIn(user, 'Betyg');
  await waitFor(() => expect(box).toHaveTextContent('3 filer går inte att skicka'));
  const files = within(box).getAllByRole('listitem');
  expect(files.map((file) => file.textContent)).toEqual([
    expect.stringMatching(/^a\.png.*inte Word/),
    expect.stringMatching(/^b\.pdf.*skadad/),
    expect.stringMatching(/^c\.pdf.*makron/),
  ]);
});

test('a transfer that the core refuses at once leaves the file and says why', async () => {
  const core = coreWithRows();
  core.failOn('documents.submit', 'rejected', {
    code: 'note_too_long',
    params: { length: 1_002, max: 1_000 },
  });
  const { user } = await pick(core, 'Betyg', core.documents.file('a.pdf'));
  await user.click(await screen.findByTestId('submit-document'));
  expect(await screen.findByText(/Texten är 2 tecken för lång\. Den får ha högst 1/)).toBeVisible();
  expect(screen.getByTestId('picked')).toBeVisible();
});

test('a picked file that is removed can be had back, and is discarded only after that', async () => {
  const core = coreWithRows();
  const { user } = await pick(core, 'Betyg', core.documents.file('a.pdf'));
  await user.click(await screen.findByRole('button', { name: 'Ta bort a.pdf' }));
  expect(screen.queryByTestId('picked')).toBeNull();
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Betyg' })).toHaveFocus());
  const toast = screen.getByText('a.pdf är borttagen.');
  await user.click(within(toast).getByRole('button', { name: 'Ångra' }));
  expect(await screen.findByTestId('picked')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Betyg' })).toHaveFocus();
  expect(core.callsOf('documents.discard')).toEqual([]);

  await user.click(screen.getByTestId('discard-picked'));
  const again = screen.getByText('a.pdf är borttagen.');
  await user.click(within(again).getByRole('button', { name: 'Stäng' }));
  await waitFor(() => expect(core.callsOf('documents.discard')).toEqual([{ file: 'file-1' }]));
  await waitFor(() => expect(core.documents.row('case-1', 'Betyg').picked).toEqual([]));
});

// Covers KW-76
test('a file that is dropped on a row goes to that row', async () => {
  const core = coreWithRows();
  core.documents.dropped.set('handle-1', core.documents.file('intyg.docx'));
  const { user } = await showWindow(core);
  await openDocuments(user, CASE);
  pointAt(within(row('Intyg')).getByTestId('send-or-tell'));
  act(() => core.emit('files_over', { over: true, x: 10, y: 10 }));
  expect(row('Intyg')).toHaveAttribute('data-over');
  expect(row('Intyg')).toHaveTextContent('Släpp filen här');
  act(() => core.emit('files_dropped', { dropped: ['handle-1'], x: 10, y: 10 }));
  expect(await within(row('Intyg')).findByTestId('picked')).toHaveTextContent('intyg.docx');
  expect(row('Intyg')).not.toHaveAttribute('data-over');
});

test('a file that cannot be read takes nothing from those that were dropped with it', async () => {
  const core = coreWithRows();
  core.documents.dropped.set('handle-2', core.documents.file('intyg.docx'));
  const { user } = await showWindow(core);
  await openDocuments(user, CASE);
  pointAt(within(row('Intyg')).getByTestId('send-or-tell'));
  const dropped = ['handle-1', 'handle-2', 'handle-3'];
  act(() => core.emit('files_dropped', { dropped, x: 10, y: 10 }));
  expect(await within(row('Intyg')).findByTestId('picked')).toHaveTextContent('intyg.docx');
  await waitFor(() => expect(within(row('Intyg')).getByTestId('note')).toHaveFocus());
  expect(screen.getByText(/^2 filer kunde inte läggas till\. Filen gick inte/)).toBeVisible();
});

// Covers KW-65
test('of a file that is dropped beside the rows the person says which document it is', async () => {
  const core = coreWithRows();
  core.documents.addDocument('case-1', 'Betyg', { handling: 'accepted' });
  core.documents.addDocument('case-1', 'Intyg');
  core.documents.dropped.set('handle-1', core.documents.file('x.pdf'));
  const { user } = await showWindow(core);
  await openDocuments(user, CASE);
  pointAt(row('Betyg'));
  act(() => core.emit('files_dropped', { dropped: ['handle-1'], x: 10, y: 10 }));
  const dialog = await screen.findByRole('dialog', { name: 'Vilket dokument är filen?' });
  const rows = within(dialog).getByRole('combobox', { name: 'Dokument i ärendet' });
  expect(rows).toHaveDisplayValue('Utdrag');
  const options = within(rows).getAllByRole('option');
  expect(options.map((each) => each.textContent)).toEqual(['Intyg', 'Utdrag', 'Övrigt']);
  await user.selectOptions(rows, 'Övrigt');
  await user.click(await screen.findByTestId('confirm-drop'));
  expect(await within(row('Övrigt')).findByTestId('picked')).toHaveTextContent('x.pdf');
});

test('an empty case and a list that cannot be read say so', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await openDocuments(user, CASE);
  expect(await screen.findByText('Inga dokument begärs')).toBeVisible();
  core.failOn('documents.list', 'internal');
  await user.click(screen.getByRole('option', { name: /Sakkunnig brandskydd/ }));
  await user.click(await screen.findByRole('tab', { name: /^Ladda upp intyg/ }));
  expect(await screen.findByText('Det här gick inte att visa')).toBeVisible();
});

test('the documents have no accessibility faults', async () => {
  const core = coreWithRows();
  core.documents.addDocument('case-1', 'Intyg', {
    state: 'queued',
    sending: { done: 1, total: 9 },
  });
  core.documents.addDocument('case-1', 'Utdrag', { handling: 'refused', handled_why: 'Gammalt' });
  const { container } = await pick(
    core,
    'Betyg',
    core.documents.file('a.pdf'),
    unusable('b.pdf', 'empty'),
  );
  await screen.findByTestId('picked');
  expect(await axeViolations(container)).toEqual([]);
});
