import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { openCase, openNew, showWindow } from '../../testing/show';

const CASE = 'F-gas, kategori I';
const OTHER = 'Sakkunnig brandskydd';

function saveDraft(core: FakeCore, text: string, thread: string | null = null): void {
  core.messages.saveDraft({ case: 'case-1', thread, message_type: 'note', text });
}

// Covers KW-45
test('what is typed is saved as a draft, and is there when the program opens again', async () => {
  const core = new FakeCore();
  const { user, close } = await showWindow(core);
  const first = await openNew(user, CASE);
  core.hold('messages.draft_save');
  await user.type(first, 'Hej Göran');
  expect(screen.getByTestId('draft-state')).toHaveAttribute('data-state', 'pending');
  core.release();
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Hej Göran'));
  await waitFor(() =>
    expect(screen.getByTestId('draft-state')).toHaveTextContent('Utkast, sparat på den här datorn'),
  );
  close();

  const again = await showWindow(core);
  await openCase(again.user, CASE);
  const row = screen.getByTestId('draft');
  expect(row).toHaveTextContent('Utkast');
  expect(row).toHaveTextContent('Hej Göran');
  await again.user.click(within(row).getByRole('button', { name: /^Fortsätt skriva/ }));
  const field = await screen.findByTestId('message-text');
  expect(field).toHaveValue('Hej Göran');
  expect(field).toHaveFocus();
  expect(screen.getByTestId('draft-state')).toHaveAttribute('data-state', 'saved');
});

// Covers KW-45
test('closing keeps the draft and says so, and it stands in the place of the form', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'frågan' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  await user.click(screen.getByTestId('reply'));
  await user.type(await screen.findByTestId('message-text'), 'Jag återkommer');
  await user.click(screen.getByRole('button', { name: 'Stäng och behåll utkast' }));
  const draft = await within(screen.getByTestId('thread')).findByTestId('draft');
  expect(draft).toHaveTextContent('Svar till Göran Hägglund');
  expect(draft).toHaveTextContent('Jag återkommer');
  expect(core.messages.draft('case-1', 'message-1')).toBe('Jag återkommer');
});

// Covers KW-45
test('several drafts live at once: one in each conversation and a new one', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'ett' });
  core.addMessage('case-1', { text: 'två', at: '2026-11-01T08:00:00Z' });
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'nytt');
  for (const [index, text] of ['svar ett', 'svar två'].entries()) {
    const thread = screen.getAllByTestId('thread')[index] as HTMLElement;
    await user.click(within(thread).getByTestId('reply'));
    await user.type(await within(thread).findByTestId('message-text'), text);
  }
  await waitFor(() => expect(core.messages.draft('case-1', 'message-2')).toBe('svar två'));
  expect(core.messages.draft('case-1', 'message-1')).toBe('svar ett');
  expect(core.messages.draft('case-1')).toBe('nytt');
});

// Covers KW-45
test('the draft is saved at once when the program is closed before the pause is over', async () => {
  const core = new FakeCore();
  const { user, close } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  close();
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Hej'));
});

test('a draft that could not be saved is told', async () => {
  const core = new FakeCore();
  core.failOn('messages.draft_save', 'disk_full');
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  await waitFor(() =>
    expect(screen.getByTestId('draft-state')).toHaveTextContent(
      'Utkastet är inte sparat. Disken är full',
    ),
  );
});

// Covers KW-45
test('a draft that could not be saved is saved as soon as it can be, with nobody there', async () => {
  const core = new FakeCore();
  core.failOn('messages.draft_save', 'disk_full');
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  const state = screen.getByTestId('draft-state');
  await waitFor(() => expect(state).toHaveAttribute('data-state', 'failed'));
  core.failOn('messages.draft_save', null);
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Hej'), { timeout: 10_000 });
  await waitFor(() => expect(state).toHaveAttribute('data-state', 'saved'));
});

// Covers KW-45
test('a change from the core never replaces what is being typed', async () => {
  const core = new FakeCore();
  saveDraft(core, 'gammalt utkast');
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  expect(field).toHaveValue('gammalt utkast');
  await user.type(field, ' och mer');
  saveDraft(core, 'något annat');
  core.addMessage('case-1', { text: 'Nytt från handläggaren', at: '2026-11-23T08:00:00Z' });
  core.announce('messages', 'cases');
  expect(await screen.findByText('Nytt från handläggaren')).toBeVisible();
  expect(field).toHaveValue('gammalt utkast och mer');
  expect(field).toHaveFocus();
});

// Covers KW-45
test('the text survives another tab, another case, another view and another language', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  const first = await openNew(user, CASE);
  await user.type(first, 'halvfärdigt');
  await user.click(screen.getByTestId('tab-documents'));
  await user.click(screen.getByTestId('tab-messages'));
  expect(screen.getByTestId('message-text')).toBe(first);
  expect(await openNew(user, OTHER)).toHaveValue('');
  await openCase(user, CASE);
  expect(await screen.findByTestId('message-text')).toHaveValue('halvfärdigt');
  await user.click(screen.getByTestId('nav-outbox'));
  await user.click(screen.getByTestId('nav-cases'));
  const field = await screen.findByTestId('message-text');
  expect(field).toHaveValue('halvfärdigt');
  await user.click(screen.getByTestId('locale'));
  expect(screen.getByRole('textbox', { name: 'Message' })).toBe(field);
  expect(field).toHaveValue('halvfärdigt');
});

// Covers KW-45
test('a message that is taken back becomes a draft below what was written since', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'första{Control>}{Enter}{/Control}');
  await screen.findByTestId('message');
  await user.click(screen.getByTestId('new-message'));
  await user.type(await screen.findByTestId('message-text'), 'andra');
  await user.click(screen.getByTestId('nav-outbox'));
  await user.click(await screen.findByTestId('withdraw'));
  await screen.findByText('Utkorgen är tom');
  await user.click(screen.getByTestId('nav-cases'));
  const again = await screen.findByTestId('message-text');
  await waitFor(() => expect(again).toHaveValue('andra\n\nförsta'));
  await user.type(again, ' och mer');
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('andra\n\nförsta och mer'));
});

// Covers KW-44
test('cancel asks before it throws a text away, and the text can be taken back', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  await user.type(field, 'Hej');
  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  const question = await screen.findByRole('alertdialog', {
    name: 'Vill du stänga utan att skicka?',
  });
  await user.click(within(question).getByRole('button', { name: 'Fortsätt skriva' }));
  expect(field).toHaveValue('Hej');

  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  await user.click(await screen.findByTestId('confirm-discard'));
  await waitFor(() => expect(screen.queryByTestId('message-text')).toBeNull());
  expect(core.messages.draft('case-1')).toBeUndefined();
  expect(core.callsOf('messages.send')).toEqual([]);
  const [thrown] = core.messages.versions({ case: 'case-1', thread: null });
  expect(thrown).toMatchObject({ text: 'Hej', discarded: true });

  await user.click(await screen.findByRole('button', { name: 'Ångra' }));
  expect(await screen.findByTestId('message-text')).toHaveValue('Hej');
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Hej'));
});

test('a text that is had back stands below what has been written there since', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Kastat');
  await user.click(screen.getByTestId('discard-draft'));
  await user.click(await screen.findByTestId('confirm-discard'));
  await user.click(screen.getByTestId('new-message'));
  await user.selectOptions(await screen.findByTestId('message-type'), 'question');
  await user.type(screen.getByTestId('message-text'), 'Nytt');
  await user.click(screen.getByRole('button', { name: 'Ångra' }));
  await waitFor(() => expect(screen.getByTestId('message-text')).toHaveValue('Nytt\n\nKastat'));
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Nytt\n\nKastat'));
  expect(core.callsOf('messages.draft_save').at(-1)).toMatchObject({ message_type: 'question' });
});

test('a text that is had back stands below a draft whose field is closed', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Kastat');
  await user.click(screen.getByTestId('discard-draft'));
  await user.click(await screen.findByTestId('confirm-discard'));
  await user.click(screen.getByTestId('new-message'));
  await user.type(await screen.findByTestId('message-text'), 'Nytt');
  await user.click(screen.getByTestId('save-draft'));
  await screen.findByTestId('open-draft');
  await user.click(screen.getByRole('button', { name: 'Ångra' }));
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Nytt\n\nKastat'));
});

// Covers KW-44
test('cancel asks nothing while nothing has been changed', async () => {
  const core = new FakeCore();
  saveDraft(core, 'gammalt utkast');
  const { user } = await showWindow(core);
  await openNew(user, CASE);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByTestId('message-text')).toBeNull());
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(core.messages.draft('case-1')).toBe('gammalt utkast');
  await waitFor(() => expect(screen.getByTestId('new-message')).toHaveFocus());
});

// Covers KW-44
test('cancel can keep the text as a draft', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  const question = await screen.findByRole('alertdialog');
  await user.click(within(question).getByRole('button', { name: 'Stäng och behåll utkast' }));
  expect(await screen.findByTestId('draft')).toHaveTextContent('Hej');
  expect(core.messages.draft('case-1')).toBe('Hej');
  expect(core.callsOf('messages.draft_discard')).toEqual([]);
});

// Covers KW-44
test('Escape asks what cancel asks, wherever in the form the focus is', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  await user.type(field, 'Hej{Escape}');
  const question = await screen.findByRole('alertdialog', {
    name: 'Vill du stänga utan att skicka?',
  });
  expect(question).toHaveTextContent('Om du stänger ligger den kvar som utkast');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  expect(field).toHaveValue('Hej');
  screen.getByTestId('send').focus();
  await user.keyboard('{Escape}');
  expect(await screen.findByRole('alertdialog')).toBeVisible();
});

// Covers KW-44
test('a draft is thrown away from the form by a button that says so, and asks', async () => {
  const core = new FakeCore();
  saveDraft(core, 'gammalt utkast');
  const { user } = await showWindow(core);
  await openNew(user, CASE);
  await user.click(screen.getByRole('button', { name: 'Kasta utkast' }));
  const question = await screen.findByRole('alertdialog', { name: 'Vill du kasta utkastet?' });
  expect(within(question).queryByRole('button', { name: 'Stäng och behåll utkast' })).toBeNull();
  await user.click(within(question).getByRole('button', { name: 'Kasta utkast' }));
  await waitFor(() => expect(screen.queryByTestId('message-text')).toBeNull());
  expect(screen.getByText('Utkastet är kastat.')).toBeVisible();
  expect(core.messages.draft('case-1')).toBeUndefined();
  await user.click(screen.getByTestId('new-message'));
  await screen.findByTestId('message-text');
  expect(screen.queryByTestId('discard-draft')).toBeNull();
});

test('a draft is thrown away where it waits, after a question, and can be had back', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'frågan' });
  saveDraft(core, 'gammalt svar', 'message-1');
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  const discard = screen.getByRole('button', { name: 'Kasta utkast: Svar till Göran Hägglund' });
  await user.click(discard);
  await user.click(await screen.findByRole('button', { name: 'Behåll utkast' }));
  expect(core.messages.draft('case-1', 'message-1')).toBe('gammalt svar');
  await user.click(discard);
  await user.click(await screen.findByTestId('confirm-discard'));
  await waitFor(() => expect(screen.queryByTestId('draft')).toBeNull());
  expect(core.messages.draft('case-1', 'message-1')).toBeUndefined();
  await waitFor(() => expect(screen.getByTestId('reply')).toHaveFocus());
  await user.click(screen.getByRole('button', { name: 'Ångra' }));
  expect(await screen.findByTestId('message-text')).toHaveValue('gammalt svar');
  await waitFor(() => expect(core.messages.draft('case-1', 'message-1')).toBe('gammalt svar'));
});

// Covers KW-45
test('what the text was before can be read and brought back', async () => {
  const core = new FakeCore();
  saveDraft(core, 'första tanken');
  core.messages.endDraft({ case: 'case-1', thread: null }, true);
  saveDraft(core, 'andra tanken');
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  await user.type(field, ' och mer');
  await user.click(screen.getByRole('button', { name: 'Tidigare versioner' }));
  const panel = await screen.findByRole('dialog', { name: 'Tidigare versioner av texten' });
  const found = await within(panel).findAllByTestId('draft-version');
  const version = found.find((each) => each.textContent?.includes('första tanken'));
  if (version === undefined) {
    throw new Error('the discarded text is among the earlier versions');
  }
  expect(version).toHaveTextContent('Kastad');
  await user.click(within(version).getByTestId('restore-draft'));
  await waitFor(() => expect(field).toHaveValue('första tanken'));
  expect(core.messages.draft('case-1')).toBe('första tanken');
  expect(field).toHaveFocus();
  core.hold('messages.draft_history');
  await user.click(screen.getByTestId('draft-history'));
  expect(await screen.findByText('Hämtar…')).toBeVisible();
  core.release();
  await waitFor(() =>
    expect(
      screen.getAllByTestId('draft-version').map((each) => each.querySelector('p')?.textContent),
    ).toContain('andra tanken och mer'),
  );
});

test('a text that cannot be saved is not replaced by an earlier one', async () => {
  const core = new FakeCore();
  saveDraft(core, 'första tanken');
  core.messages.endDraft({ case: 'case-1', thread: null }, true);
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  core.failOn('messages.draft_save', 'disk_full');
  await user.type(field, 'bara här');
  await user.click(screen.getByTestId('draft-history'));
  await user.click(await screen.findByTestId('restore-draft'));
  await waitFor(() => expect(screen.getAllByRole('alert').length).toBeGreaterThan(1));
  expect(field).toHaveValue('bara här');
  expect(core.callsOf('messages.draft_restore')).toEqual([]);
});

test('earlier versions of one minute are told apart, and one text stands there once', async () => {
  const core = new FakeCore();
  const at = (time: string, text: string) => ({
    version: time,
    text,
    saved_at: `2026-11-22T13:${time}Z`,
    discarded: false,
  });
  core.messages.setVersions({ case: 'case-1', thread: null }, [
    at('31:40', 'nu'),
    at('31:05', 'två'),
    at('31:01', 'två'),
    at('31:00', 'ett'),
    at('20:00', 'två'),
  ]);
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'nu');
  await user.click(screen.getByTestId('draft-history'));
  const found = await screen.findAllByTestId('draft-version');
  expect(found.map((each) => each.querySelector('time')?.textContent)).toEqual([
    '22 november 2026 kl. 14.31.05',
    '22 november 2026 kl. 14.31.00',
    '22 november 2026 kl. 14.20',
  ]);
  expect(found.map((each) => each.querySelector('p')?.textContent)).toEqual(['två', 'ett', 'två']);
});

test('a text without earlier versions says so', async () => {
  const { user } = await showWindow(new FakeCore());
  await openNew(user, CASE);
  await user.click(screen.getByTestId('draft-history'));
  expect(await screen.findByText('Det finns inga tidigare versioner.')).toBeVisible();
});

// Covers KW-50
test('a text over the limit becomes a document in the row that is picked, not sent', async () => {
  const core = new FakeCore();
  core.messages.maxLength = 60;
  core.documents.addRow('case-1', { id: 'Betyg', state: 'accepted' });
  core.documents.addRow('case-1', { id: 'Intyg' });
  core.documents.addRow('case-1', { id: 'Övrigt', required: false });
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  await user.click(field);
  await user.paste('å'.repeat(20));
  expect(screen.getByText('Du kan skriva 40 tecken till.')).toBeVisible();
  await user.paste('å'.repeat(42));
  expect(screen.getByText(/Texten är 2 tecken för lång\..*som ett dokument/)).toBeVisible();
  expect(screen.queryByTestId('send')).toBeNull();
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(core.callsOf('messages.send')).toEqual([]);

  await user.click(screen.getByRole('button', { name: 'Gör detta till ett dokument' }));
  const dialog = await screen.findByRole('dialog', { name: 'Gör texten till ett dokument' });
  await user.click(within(dialog).getByTestId('confirm-make-document'));
  expect(within(dialog).getByText('Välj vilket dokument i ärendet texten är.')).toBeVisible();
  const rows = within(dialog).getByRole('combobox', { name: 'Dokument i ärendet' });
  const options = within(rows).getAllByRole('option');
  expect(options.map((option) => option.textContent)).toEqual(['Välj dokument', 'Intyg', 'Övrigt']);
  await user.selectOptions(rows, 'Övrigt');
  const name = await screen.findByTestId('make-document-name');
  await user.clear(name);
  await user.type(name, 'Mina uppdrag');
  await user.click(screen.getByTestId('confirm-make-document'));

  const picked = await screen.findByTestId('picked');
  expect(screen.getByTestId('tab-documents')).toHaveAttribute('aria-selected', 'true');
  expect(picked.closest('[data-row-id]')).toHaveAttribute('data-row-id', 'Övrigt');
  expect(picked).toHaveTextContent('Mina uppdrag.docx');
  expect(picked).toHaveTextContent('Ej skickat');
  expect(core.callsOf('documents.submit')).toEqual([]);
  expect(core.callsOf('documents.add_text')).toEqual([
    { case: 'case-1', row: 'Övrigt', thread: null, name: 'Mina uppdrag', text: 'å'.repeat(62) },
  ]);
  await user.click(screen.getByTestId('tab-messages'));
  expect(screen.queryByTestId('message-text')).toBeNull();
  expect(core.messages.draft('case-1')).toBeUndefined();
  await user.click(screen.getByTestId('tab-documents'));
  await user.click(screen.getByRole('button', { name: 'Ta bort Mina uppdrag.docx' }));
  expect(screen.getByText(/är borttagen\. Texten finns bland Tidigare versioner/)).toBeVisible();
});

// Covers KW-50
test('a text that cannot be made a document stays where it was written', async () => {
  const core = new FakeCore();
  core.messages.maxLength = 5;
  core.documents.addRow('case-1', { id: 'Intyg' });
  core.failOn('documents.add_text', 'disk_full');
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  await user.type(field, 'för långt');
  await user.click(screen.getByTestId('make-document'));
  await user.selectOptions(await screen.findByTestId('make-document-row'), 'Intyg');
  await user.click(await screen.findByTestId('confirm-make-document'));
  expect(await screen.findByRole('alert')).toHaveTextContent('Disken är full');
  await user.keyboard('{Escape}');
  expect(field).toHaveValue('för långt');
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('för långt'));
});

test('the officer, who sends no documents, is asked to shorten', async () => {
  const core = new FakeCore();
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  core.messages.maxLength = 5;
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'för långt');
  expect(screen.getByText(/Korta texten/)).toBeVisible();
  expect(screen.getByTestId('send')).toBeDisabled();
  expect(screen.queryByTestId('make-document')).toBeNull();
});
