import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import {
  axeViolations,
  findCases,
  openCase,
  openNew,
  showCases,
  showWindow,
} from '../../testing/show';

const CASE = 'F-gas, kategori I';

function shownTexts(): Array<string | null> {
  return screen.getAllByTestId('message').map((row) => row.querySelector('p')?.textContent ?? null);
}

/** A case with one conversation of three messages and one of a single message. */
function coreWithThread(): FakeCore {
  const core = new FakeCore();
  const first = core.addMessage(
    'case-1',
    { text: 'frågan', mine: true, author: 'Åsa Lindqvist', at: '2026-11-10T08:00:00Z' },
    { type: 'question' },
  );
  core.addMessage('case-1', { text: 'svaret', at: '2026-11-11T08:00:00Z' }, { thread: first.id });
  core.addMessage('case-1', { text: 'tacket', at: '2026-11-12T08:00:00Z' }, { thread: first.id });
  core.addMessage('case-1', { text: 'annat', at: '2026-11-09T08:00:00Z' });
  return core;
}

// Covers KW-41
test('the conversation with the newest message is on top, and shows its newest message', async () => {
  const core = coreWithThread();
  core.addMessage('case-1', { text: 'nyast', at: '2026-11-14T08:00:00Z' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  expect(shownTexts()).toEqual(['nyast', 'tacket', 'annat']);
});

test('a message shows its author, type, time the Swedish way, and its text as plain text', async () => {
  const core = new FakeCore();
  core.addMessage(
    'case-1',
    { text: '<b>Hej</b>\n  igen', at: '2026-11-22T13:30:00Z' },
    { type: 'completion' },
  );
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  const row = screen.getByTestId('message');
  expect(screen.getByRole('listitem', { name: 'Göran Hägglund Komplettering' })).toContainElement(
    row,
  );
  expect(within(row).getByText('22 november 2026 kl. 14.30')).toBeVisible();
  expect(row.querySelector('p')?.textContent).toBe('<b>Hej</b>\n  igen');
  await user.click(screen.getByTestId('locale'));
  expect(screen.getByRole('listitem', { name: 'Göran Hägglund Completion' })).toBeVisible();
});

// Covers KW-42
test('a small arrow to the left of the date shows what came before, by mouse and by key', async () => {
  const { user } = await showWindow(coreWithThread());
  await openCase(user, CASE);
  const arrow = screen.getByRole('button', { name: 'Visa 2 tidigare meddelanden' });
  expect(arrow).toHaveAttribute('aria-expanded', 'false');
  expect(arrow.nextElementSibling?.tagName).toBe('TIME');
  await user.click(arrow);
  expect(arrow).toHaveAttribute('aria-expanded', 'true');
  expect(shownTexts()).toEqual(['tacket', 'svaret', 'frågan', 'annat']);
  arrow.focus();
  await user.keyboard('{Enter}');
  expect(arrow).toHaveAttribute('aria-expanded', 'false');
  expect(shownTexts()).toEqual(['tacket', 'annat']);
  await user.keyboard(' ');
  expect(screen.getByRole('list', { name: 'Tidigare meddelanden' })).toBeVisible();
  expect(screen.getAllByTestId('thread-toggle')).toHaveLength(1);
});

test('earlier messages that have not been read are shown from the start', async () => {
  const core = new FakeCore();
  const first = core.addMessage('case-1', { text: 'ettan', unread: true });
  core.addMessage(
    'case-1',
    { text: 'tvåan', unread: true, at: '2026-11-21T08:00:00Z' },
    { thread: first.id },
  );
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  expect(shownTexts()).toEqual(['tvåan', 'ettan']);
  expect(screen.getAllByText('Oläst')).toHaveLength(2);
  expect(screen.getByRole('tab', { name: /^Meddelanden.*2 olästa/ })).toBeVisible();
  expect(screen.getByRole('option', { name: new RegExp(CASE) })).toHaveTextContent('2 olästa');
});

// Having the conversation on screen marks all of it as read.
test('all that has not been read is shown, however many came', async () => {
  const core = new FakeCore();
  const first = core.addMessage('case-1', { text: 'nr 0', unread: true });
  for (let number = 1; number <= 70; number += 1) {
    const minute = String(number % 60).padStart(2, '0');
    const at = `2026-11-21T${number < 60 ? '08' : '09'}:${minute}:00Z`;
    core.addMessage('case-1', { text: `nr ${number}`, unread: true, at }, { thread: first.id });
  }
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  expect(screen.getAllByText('Oläst')).toHaveLength(71);
  expect(shownTexts()).toContain('nr 0');
});

// Covers KW-43
test('an answer is written right below the message, and stays in its conversation', async () => {
  const core = coreWithThread();
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  const [thread] = screen.getAllByTestId('thread');
  if (thread === undefined) {
    throw new Error('there are two conversations');
  }
  const reply = within(thread).getByRole('button', { name: 'Svara' });
  expect(reply).toHaveTextContent('Svara');
  await user.click(reply);
  const field = await within(thread).findByRole('textbox', { name: 'Meddelande' });
  expect(field).toHaveFocus();
  expect(within(thread).getByRole('region', { name: 'Svar till Göran Hägglund' })).toBeVisible();
  expect(within(thread).queryByTestId('message-type')).toBeNull();
  const message = within(thread).getByTestId('message');
  expect(message.compareDocumentPosition(field)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  await user.type(field, 'Då så');
  await user.click(within(thread).getByTestId('send'));
  await waitFor(() =>
    expect(core.callsOf('messages.send')).toEqual([
      { case: 'case-1', thread: 'message-1', message_type: 'question', text: 'Då så' },
    ]),
  );
  await waitFor(() => expect(shownTexts()[0]).toBe('Då så'));
  await waitFor(() => expect(within(thread).getByTestId('reply')).toHaveFocus());
  expect(screen.queryByTestId('message-text')).toBeNull();
});

// Covers KW-47
test('a new message can be begun with an empty list, at the top', async () => {
  const { user } = await showWindow(new FakeCore());
  await openCase(user, CASE);
  expect(screen.getByText('Inga meddelanden än')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Nytt meddelande' }));
  expect(await screen.findByRole('textbox', { name: 'Meddelande' })).toHaveFocus();
});

// Covers KW-48
test('the type of a new message is picked in a list from the core, the usual one first', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  const type = screen.getByRole('combobox', { name: 'Meddelandetyp' });
  expect(type).toHaveDisplayValue('Notering');
  expect(
    within(type)
      .getAllByRole('option')
      .map((option) => option.textContent),
  ).toEqual(['Notering', 'Fråga', 'Komplettering']);
  await user.selectOptions(type, 'Fråga');
  expect(type).toHaveDisplayValue('Fråga');
  await user.type(field, 'Hej');
  await user.click(screen.getByTestId('send'));
  await waitFor(() =>
    expect(core.callsOf('messages.send')).toEqual([
      { case: 'case-1', thread: null, message_type: 'question', text: 'Hej' },
    ]),
  );
});

// Covers KW-48
test('the types follow the language, and nothing is sent before they have come', async () => {
  const core = new FakeCore();
  core.messages.types = [];
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  expect(screen.getByText(/Meddelandetyperna är inte hämtade än/)).toBeVisible();
  expect(screen.getByTestId('send')).toBeDisabled();
  core.messages.types = [{ code: 'note', name: { sv: 'Notering', en: 'Note' } }];
  core.announce('messages');
  await waitFor(() => expect(screen.getByTestId('send')).toBeEnabled());
  await user.click(screen.getByTestId('locale'));
  expect(screen.getByRole('combobox', { name: 'Message type' })).toHaveDisplayValue('Note');
});

// Covers KW-49
test('both forms have the same three buttons', async () => {
  const { user } = await showWindow(coreWithThread());
  await openNew(user, CASE);
  await user.click(screen.getAllByTestId('reply')[0] as HTMLElement);
  await waitFor(() => expect(screen.getAllByTestId('composer')).toHaveLength(2));
  const buttons = screen
    .getAllByTestId('composer')
    .map((form) =>
      ['cancel-message', 'save-draft', 'send'].map(
        (button) => within(form).getByTestId(button).textContent,
      ),
    );
  expect(buttons).toEqual([
    ['Avbryt', 'Stäng och behåll utkast', 'Skicka'],
    ['Avbryt', 'Stäng och behåll utkast', 'Skicka'],
  ]);
});

// Covers KW-46
test('a sent message waits in the queue, and looks different once the server has it', async () => {
  const core = new FakeCore();
  core.sync = { ...core.sync, line: 'offline' };
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  await user.type(field, 'Hej{Control>}{Enter}{/Control}');
  const row = await screen.findByTestId('message');
  expect(row).toHaveAttribute('data-state', 'queued');
  expect(within(row).getByText('Väntar på att skickas')).toBeVisible();
  expect(screen.queryByTestId('message-text')).toBeNull();
  await waitFor(() => expect(screen.getByTestId('new-message')).toHaveFocus());
  expect(screen.getByTestId('sync-state')).toHaveTextContent('Offline, 1 väntar');
  expect(screen.getByTestId('nav-outbox')).toHaveAccessibleName('Utkorg, 1 väntar');

  core.move('received');
  expect(await within(row).findByText('Mottaget')).toBeVisible();
  expect(within(row).queryByText('Väntar på att skickas')).toBeNull();
  expect(row).toHaveAttribute('data-state', 'received');
  expect(within(row).queryByRole('textbox')).toBeNull();
});

test('a refused message says why, and can be written again', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', {
    text: 'Hej',
    mine: true,
    state: 'refused',
    reason: { code: 'message_type_unknown' },
  });
  core.addMessage('case-1', { text: 'Hå', mine: true, state: 'refused', reason: { code: 'zx_9' } });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  expect(screen.getByText(/Meddelandetypen finns inte längre/)).toBeVisible();
  expect(screen.getByText('Servern nekade det. Felkod: zx_9')).toBeVisible();
  expect(screen.queryByTestId('reply')).toBeNull();
  await user.click(screen.getAllByRole('button', { name: 'Skriv igen' })[0] as HTMLElement);
  expect(await screen.findByTestId('message-text')).toHaveValue('Hej');
  expect(core.messages.draft('case-1')).toBe('Hej');
  expect(screen.queryByText(/Meddelandetypen finns inte längre/)).toBeNull();
});

test('an empty message is not sent, and the field says so', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), '  ');
  await user.click(screen.getByTestId('send'));
  expect(screen.getByText('Meddelandet är tomt. Skriv något och skicka igen.')).toBeVisible();
  expect(core.callsOf('messages.send')).toEqual([]);
});

test('a message that the core does not take stays in the field', async () => {
  const core = new FakeCore();
  core.failOn('messages.send', 'disk_full');
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  await user.type(field, 'Hej');
  await user.click(screen.getByTestId('send'));
  expect(await screen.findByRole('alert')).toHaveTextContent('Disken är full');
  expect(field).toHaveValue('Hej');
});

test('the words of a filter narrow the list; Ctrl + F leads there and Escape empties it', async () => {
  const core = coreWithThread();
  core.addMessage('case-1', { text: 'Årsrapporten för 2026' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  await user.keyboard('{Control>}f{/Control}');
  const filter = screen.getByRole('searchbox', { name: 'Sök i meddelanden' });
  expect(filter).toHaveFocus();
  await user.type(filter, 'ars rapport');
  await waitFor(() => expect(shownTexts()).toEqual(['Årsrapporten för 2026']));
  expect(screen.getByText('1 träff')).toBeVisible();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.getAllByTestId('thread')).toHaveLength(3));
  await user.type(filter, 'finns inte');
  expect(await screen.findByText('Inget meddelande innehåller orden')).toBeVisible();
  await user.click(screen.getAllByRole('button', { name: 'Visa alla' }).at(-1) as HTMLElement);
  await waitFor(() => expect(screen.getAllByTestId('thread')).toHaveLength(3));
});

test('what is found in an earlier message is shown and marked', async () => {
  const { user } = await showWindow(coreWithThread());
  await openCase(user, CASE);
  expect(shownTexts()).not.toContain('frågan');
  await user.type(screen.getByRole('searchbox', { name: 'Sök i meddelanden' }), 'FRAGA');
  await waitFor(() => expect(shownTexts()).toEqual(['tacket', 'svaret', 'frågan']));
  const marks = [...document.querySelectorAll('mark')].map((mark) => mark.textContent);
  expect(marks).toEqual(['fråga']);
});

test('what is found is marked where it stands, behind emojis too', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: '😀😀 Årets rapport 👍' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  await user.type(screen.getByRole('searchbox', { name: 'Sök i meddelanden' }), 'arets 👍');
  await waitFor(() => expect(document.querySelectorAll('mark')).toHaveLength(2));
  const marks = [...document.querySelectorAll('mark')].map((mark) => mark.textContent);
  expect(marks).toEqual(['Årets', '👍']);
  expect(shownTexts()).toEqual(['😀😀 Årets rapport 👍']);
});

test('of a hundred thousand conversations only those near the eye are in the page', async () => {
  const core = new FakeCore();
  const base = core.addMessage('case-1', { text: 'x' });
  core.messages.setThreads(
    'case-1',
    Array.from({ length: 100_000 }, (_, index) => ({
      id: `thread-${index}`,
      message_type: 'note',
      messages: [{ ...base, id: `m-${index}`, text: `text ${index}` }],
      unread: 0,
    })),
  );
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  const rows = screen.getAllByTestId('thread');
  expect(rows.length).toBeLessThan(100);
  expect(rows[0]).toHaveAttribute('aria-posinset', '1');
  expect(rows[0]).toHaveAttribute('aria-setsize', '100000');
  expect(screen.getByRole('list', { name: 'Meddelanden' }).lastElementChild).toHaveStyle({
    height: `${(100_000 - rows.length) * 132}px`,
  });
}, 20_000);

test('the officer sees the certified person in the list, and she sees the officer', async () => {
  const core = new FakeCore();
  const [first, second] = core.cases;
  if (first === undefined || second === undefined) {
    throw new Error('the fake core has two cases');
  }
  core.cases = [{ ...first, mine_to_handle: true }, second];
  await showWindow(core);
  const rows = await findCases();
  expect(rows[0]).toHaveTextContent('Åsa Lindqvist');
  expect(rows[1]).toHaveTextContent('Göran Hägglund');
});

test('nothing to show is said, not left blank', async () => {
  const core = new FakeCore();
  core.cases = [];
  await showWindow(core);
  expect(await screen.findByText('Inga ärenden än')).toBeVisible();
});

test('messages that cannot be read are told, and can be asked for again', async () => {
  const core = new FakeCore();
  core.failOn('messages.list', 'internal');
  const { user } = await showWindow(core);
  await showCases(user);
  await user.click(await screen.findByRole('option', { name: new RegExp(CASE) }));
  expect(await screen.findByText('Det här gick inte att visa')).toBeVisible();
  core.failOn('messages.list', null);
  await user.click(screen.getByRole('button', { name: 'Försök igen' }));
  expect(await screen.findByTestId('new-message')).toBeVisible();
});

test('the messages have no accessibility faults', async () => {
  const core = coreWithThread();
  core.addMessage('case-1', { text: 'Hej', mine: true, state: 'queued' });
  core.addMessage('case-1', { text: 'Nytt', unread: true });
  core.messages.saveDraft({
    case: 'case-1',
    thread: 'message-1',
    message_type: 'question',
    text: 'halvt',
  });
  const { user, container } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  await user.click(screen.getByTestId('thread-toggle'));
  expect(await axeViolations(container)).toEqual([]);
});
