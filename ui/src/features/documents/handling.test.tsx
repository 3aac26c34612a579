import { act, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { DocumentView } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openDocuments, showWindow } from '../../testing/show';

const CASE = 'F-gas, kategori I';

/** A case with one row and one document in it, seen by its officer or its holder. */
async function show(who: 'officer' | 'holder', document: Partial<DocumentView> = {}) {
  const core = new FakeCore();
  if (who === 'officer') {
    core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  }
  core.documents.addRow('case-1', { id: 'Betyg' });
  core.documents.addDocument('case-1', 'Betyg', { mine: who === 'holder', ...document });
  const shown = await showWindow(core);
  await openDocuments(shown.user, CASE);
  return { core, ...shown };
}

async function accept(user: UserEvent): Promise<void> {
  await user.click(screen.getByRole('button', { name: 'Godkänn betyg.pdf' }));
  await user.click(await screen.findByTestId('confirm-accept'));
}

test('accepting is asked first, and tells of a file that has not been opened', async () => {
  const { core, user } = await show('officer');
  await user.click(screen.getByTestId('accept'));
  const question = await screen.findByRole('alertdialog', { name: 'Godkänn betyg.pdf?' });
  expect(question).toHaveTextContent('Det går inte att ångra');
  expect(question).toHaveTextContent('Du har inte öppnat filen här');
  expect(await axeViolations(question)).toEqual([]);
  expect(screen.getByTestId('look-first')).toHaveFocus();
  await user.click(screen.getByTestId('open-first'));
  await user.click(await screen.findByTestId('confirm-open'));
  await waitFor(() => expect(question).not.toHaveTextContent('Du har inte öppnat filen här'));
  expect(core.callsOf('documents.open')).toEqual([{ document: 'document-1' }]);

  await user.keyboard('{Escape}');
  await waitFor(() => expect(question).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByTestId('accept')).toHaveFocus());
  expect(core.callsOf('documents.accept')).toEqual([]);
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.getByTestId('confirm-accept')).toHaveFocus());
  expect(screen.queryByText(/Du har inte öppnat filen här/)).toBeNull();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(core.callsOf('documents.accept')).toHaveLength(1));
});

test('the officer accepts, and can take that back while it has not left', async () => {
  const { core, user } = await show('officer');
  expect(screen.getByRole('tab', { name: /^Dokument.*1 att granska/ })).toBeVisible();
  expect(screen.queryByTestId('send-or-tell')).toBeNull();
  await accept(user);
  const document = screen.getByTestId('document');
  await waitFor(() => expect(document).toHaveAttribute('data-handling', 'accepted'));
  expect(document).toHaveTextContent('Du har godkänt dokumentet.');
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Betyg' })).toHaveFocus());
  expect(document).toHaveTextContent('Väntar på att skickas');
  expect(screen.getByTestId('row')).toHaveTextContent('Beslutet är inte mottaget än');
  expect(screen.queryByText('Godkänt', { ignore: 'option' })).toBeNull();

  const toast = await screen.findByText(/betyg\.pdf är godkänt här\./);
  await user.click(within(toast).getByRole('button', { name: 'Ångra' }));
  await waitFor(() => expect(document).toHaveAttribute('data-handling', 'waiting'));
  expect(core.callsOf('outbox.withdraw')).toHaveLength(1);

  await accept(user);
  await waitFor(() => expect(document).toHaveAttribute('data-handling', 'accepted'));
  core.move('received');
  expect(await screen.findAllByText('Godkänt', { ignore: 'option' })).toHaveLength(1);
});

test('of several files in one row each says for itself that it is accepted', async () => {
  const core = new FakeCore();
  core.documents.addRow('case-1', { id: 'Övrigt', required: false });
  core.documents.addDocument('case-1', 'Övrigt', { name: 'a.pdf', handling: 'accepted' });
  core.documents.addDocument('case-1', 'Övrigt', { name: 'b.pdf', handling: 'accepted' });
  const { user } = await showWindow(core);
  await openDocuments(user, CASE);
  for (const document of screen.getAllByTestId('document')) {
    expect(within(document).getByText('Godkänt')).toBeVisible();
  }
  expect(screen.getAllByText('Godkänt')).toHaveLength(2);
});

test('what has left at once is accepted without a way back', async () => {
  const { core, user } = await show('officer');
  const call = core.call.bind(core);
  core.call = async (method, params) => {
    const answer = await call(method, params);
    if (method === 'documents.accept') {
      core.move('sent');
    }
    return answer;
  };
  await accept(user);
  const toast = await screen.findByText(/betyg\.pdf är godkänt här\./);
  expect(within(toast).queryByRole('button', { name: 'Ångra' })).toBeNull();
});

test('a refusal needs a reason, which is kept while it is written and read by the holder', async () => {
  const { core, user } = await show('officer', { refusal_draft: 'Sidan två' });
  expect(screen.getByText('Du har börjat skriva en orsak.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Underkänn betyg.pdf' }));
  const reason = await screen.findByRole('textbox', { name: /Varför räcker dokumentet inte/ });
  expect(reason).toHaveFocus();
  expect(reason).toHaveValue('Sidan två');
  await user.clear(reason);
  await user.click(screen.getByTestId('confirm-refuse'));
  expect(screen.getByText('Skriv varför dokumentet inte räcker.')).toBeVisible();
  expect(core.callsOf('documents.refuse')).toEqual([]);
  await user.type(reason, 'Sidan två saknas.');
  await waitFor(() =>
    expect(core.callsOf('documents.refusal_save').at(-1)).toEqual({
      document: 'document-1',
      reason: 'Sidan två saknas.',
    }),
  );
  await user.click(screen.getByTestId('confirm-refuse'));
  await user.click(await screen.findByTestId('send-refusal'));
  await waitFor(() =>
    expect(screen.getByTestId('document')).toHaveAttribute('data-handling', 'refused'),
  );
  expect(screen.getByTestId('document')).toHaveTextContent('Sidan två saknas.');
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Betyg' })).toHaveFocus());
  expect(core.callsOf('documents.refuse')).toEqual([
    { document: 'document-1', reason: 'Sidan två saknas.' },
  ]);
});

test('refusing says what, whose and why before anything is sent, by the keyboard alone', async () => {
  const { core, user } = await show('officer');
  await user.click(screen.getByTestId('refuse'));
  await user.keyboard('Sidan två saknas.{Tab}');
  expect(screen.getByTestId('confirm-refuse')).toHaveFocus();
  await user.keyboard('{Enter}');
  const question = await screen.findByRole('alertdialog', { name: 'Underkänn betyg.pdf?' });
  const [item] = core.cases;
  expect(question).toHaveTextContent(`${item?.holder} får orsaken.`);
  expect(question).toHaveTextContent(`${item?.title}, ärende ${item?.number}`);
  expect(within(question).getByTestId('refusal-asked')).toHaveTextContent('Sidan två saknas.');
  expect(await axeViolations(question)).toEqual([]);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(question).not.toBeInTheDocument());
  expect(core.callsOf('documents.refuse')).toEqual([]);
  expect(screen.getByTestId('refusal-text')).toHaveValue('Sidan två saknas.');
  await waitFor(() => expect(screen.getByTestId('confirm-refuse')).toHaveFocus());
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.getByTestId('send-refusal')).toHaveFocus());
  await user.keyboard('{Enter}');
  await waitFor(() => expect(core.callsOf('documents.refuse')).toHaveLength(1));
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Betyg' })).toHaveFocus());
});

test('a decision that could not be made leaves the focus where it was', async () => {
  const { core, user } = await show('officer');
  core.failOn('documents.accept', 'disk_full');
  await accept(user);
  expect(await screen.findByRole('alert')).toHaveTextContent('Disken är full');
  await waitFor(() => expect(screen.getByTestId('accept')).toHaveFocus());
});

test('locking saves a reason that is being written', async () => {
  const { core, user } = await show('officer');
  await user.click(screen.getByTestId('refuse'));
  await user.type(await screen.findByTestId('refusal-text'), 'Halv');
  await user.click(screen.getByTestId('lock'));
  await screen.findByTestId('unlock');
  expect(core.documents.find('document-1').document.refusal_draft).toBe('Halv');
});

test('a decision that the server refuses says why, and the document waits again', async () => {
  const { core, user } = await show('officer');
  await accept(user);
  await waitFor(() =>
    expect(screen.getByTestId('document')).toHaveAttribute('data-handling', 'accepted'),
  );
  core.move('refused', { code: 'document_replaced' });
  expect(await screen.findByText(/Dokumentet har ersatts av ett nyare/)).toBeVisible();
  expect(screen.getByTestId('accept')).toBeVisible();
});

test('the holder sees who refused, when and why, and is asked for a new one', async () => {
  const { core, user } = await show('holder', {
    handling: 'refused',
    handled_by: 'Göran Hägglund',
    handled_at: '2026-11-19T10:00:00Z',
    handled_why: 'Sidan två saknas.',
  });
  const row = screen.getByTestId('row');
  expect(row).toHaveAttribute('data-stand', 'again');
  expect(row).toHaveTextContent('Handläggaren behöver ett nytt dokument.');
  expect(row).toHaveTextContent('Underkänt av Göran Hägglund, 19 november 2026 kl. 11.00');
  expect(row).toHaveTextContent('Sidan två saknas.');
  expect(screen.getAllByText('Underkänt')).toHaveLength(1);
  expect(row).toHaveTextContent('Läs varför och skicka ett nytt.');
  expect(screen.queryByTestId('accept')).toBeNull();

  core.documents.nextPick = [core.documents.file('nytt.pdf')];
  await user.click(screen.getByRole('button', { name: 'Ladda upp eller meddela: Betyg' }));
  await user.click(await screen.findByTestId('pick'));
  await user.click(await screen.findByTestId('submit-document'));
  await user.click(await screen.findByTestId('close-transfer-box'));
  await waitFor(() => expect(screen.getAllByTestId('document')).toHaveLength(1));
  expect(screen.getByTestId('document')).toHaveTextContent('nytt.pdf');
  const before = screen.getByRole('button', { name: '1 tidigare fil' });
  expect(before).toHaveAttribute('aria-expanded', 'false');
  await user.click(before);
  expect(screen.getAllByTestId('document')[1]).toHaveTextContent('Sidan två saknas.');
});

test('a file opens outside only after a warning, which can be silenced for the session', async () => {
  const { core, user } = await show('holder');
  await user.click(screen.getByRole('button', { name: 'Öppna betyg.pdf' }));
  const warning = await screen.findByRole('dialog', { name: 'Filen öppnas utanför programmet' });
  expect(warning).toHaveTextContent('i ett annat program på den här datorn');
  expect(warning).toHaveTextContent('tas bort efteråt');
  expect(core.callsOf('documents.open')).toEqual([]);
  await user.click(within(warning).getByRole('checkbox', { name: /^Fråga inte igen/ }));
  await user.click(within(warning).getByTestId('confirm-open'));
  expect(core.callsOf('documents.open')).toEqual([{ document: 'document-1' }]);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.click(screen.getByTestId('open-document'));
  await waitFor(() => expect(core.callsOf('documents.open')).toHaveLength(2));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a file that no program can open says what to do instead', async () => {
  const { core, user } = await show('holder');
  core.failOn('documents.open', 'no_program');
  await user.click(screen.getByTestId('open-document'));
  await user.click(await screen.findByTestId('confirm-open'));
  expect(await screen.findByText(/Datorn har inget program som kan öppna filen/)).toBeVisible();
});

test('a copy is saved, and nothing is said when the person changed their mind', async () => {
  const { core, user } = await show('holder');
  core.documents.saves = false;
  await user.click(screen.getByRole('button', { name: 'Spara en kopia av betyg.pdf' }));
  await waitFor(() => expect(core.callsOf('documents.save')).toHaveLength(1));
  expect(screen.queryByText(/är sparad\./)).toBeNull();
  core.documents.saves = true;
  await user.click(screen.getByTestId('save-document'));
  expect(await screen.findByText('En kopia av betyg.pdf är sparad.')).toBeVisible();
});

test('a file that is being fetched says how much has come', async () => {
  await show('officer', { here: false, fetching: { done: 500_000, total: 2_000_000 } });
  expect(screen.getByTestId('fetching')).toHaveTextContent('500 kB av 2 MB hämtat');
});

test("the officer's documents have no accessibility faults", async () => {
  const { user, container } = await show('officer');
  await user.click(screen.getByTestId('refuse'));
  await user.type(await screen.findByTestId('refusal-text'), 'Halv');
  expect(await axeViolations(container)).toEqual([]);
});

test('a reason for a document that was replaced meanwhile can be read, copied and thrown away', async () => {
  const { core, user, container } = await show('officer');
  await user.click(screen.getByTestId('refuse'));
  await user.type(await screen.findByTestId('refusal-text'), 'Sidan två saknas.');
  core.documents.change('document-1', { handling: 'replaced' });
  core.documents.addDocument('case-1', 'Betyg', { name: 'nytt.pdf', mine: false });
  act(() => core.announce('documents', 'cases'));

  // It stands among what was sent before, which is open because of it.
  const left = await screen.findByTestId('left-reason');
  expect(screen.getByTestId('row-history')).toHaveAttribute('aria-expanded', 'true');
  expect(left).toHaveTextContent('Sidan två saknas.');
  expect(left).toHaveTextContent('Din orsak är inte skickad.');
  await waitFor(() =>
    expect(core.documents.find('document-1').document.refusal_draft).toBe('Sidan två saknas.'),
  );
  expect(await axeViolations(container)).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Kopiera orsaken till betyg.pdf' }));
  expect(await screen.findByText('Orsaken är kopierad.')).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe('Sidan två saknas.');

  await user.click(screen.getByRole('button', { name: 'Kasta orsaken till betyg.pdf' }));
  const toast = await screen.findByText('Orsaken är kastad.');
  expect(screen.queryByTestId('left-reason')).toBeNull();
  expect(core.documents.find('document-1').document.refusal_draft).toBe('');
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Betyg' })).toHaveFocus());
  await user.click(within(toast).getByRole('button', { name: 'Ångra' }));
  expect(await screen.findByTestId('left-reason')).toHaveTextContent('Sidan två saknas.');
  await waitFor(() =>
    expect(core.documents.find('document-1').document.refusal_draft).toBe('Sidan två saknas.'),
  );
});

test('a reason that the outbox gives back can be read though the document has been handled', async () => {
  const { core, user } = await show('officer');
  await user.click(screen.getByTestId('refuse'));
  await user.type(await screen.findByTestId('refusal-text'), 'För gammalt');
  await user.click(screen.getByTestId('confirm-refuse'));
  await user.click(await screen.findByTestId('send-refusal'));
  await waitFor(() => expect(core.outbox).toHaveLength(1));
  core.move('refused', { code: 'document_handled' });
  await user.click(screen.getByTestId('nav-outbox'));
  await user.click(await screen.findByTestId('write-again'));
  expect(
    await screen.findByText(/^Orsaken ligger som utkast vid dokumentet i ärendet\./),
  ).toBeVisible();
  core.documents.change('document-1', { handling: 'accepted', handled_by: 'Eva Ek' });
  act(() => core.announce('documents', 'cases'));
  await user.click(screen.getByTestId('nav-cases'));
  await user.click(await screen.findByTestId('tab-documents'));
  expect(await screen.findByTestId('left-reason')).toHaveTextContent('För gammalt');
  expect(screen.queryByTestId('refuse')).toBeNull();
});
