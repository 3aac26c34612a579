import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openCase, showWindow } from '../../testing/show';

const CASE = 'F-gas, kategori I';

function shownTexts(): Array<string | null> {
  return screen.getAllByTestId('message').map((row) => row.querySelector('p')?.textContent ?? null);
}

// Covers KW-41
test('the newest message is on top', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'tvåan', at: '2026-11-12T08:00:00Z' });
  core.addMessage('case-1', { text: 'trean', at: '2026-11-14T08:00:00Z' });
  core.addMessage('case-1', { text: 'ettan', at: '2026-11-10T08:00:00Z' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  expect(shownTexts()).toEqual(['trean', 'tvåan', 'ettan']);
});

test('a message shows its author, its time the Swedish way, and its text as plain text', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: '<b>Hej</b>\n  igen', at: '2026-11-22T13:30:00Z' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  const row = screen.getByTestId('message');
  expect(within(row).getByText('Göran Hägglund')).toBeVisible();
  expect(within(row).getByText('22 november 2026 kl. 14.30')).toBeVisible();
  expect(row.querySelector('p')?.textContent).toBe('<b>Hej</b>\n  igen');
});

// Covers KW-45
test('what is typed is saved as a draft, and is there when the program opens again', async () => {
  const core = new FakeCore();
  const { user, close } = await showWindow(core);
  const field = await openCase(user, CASE);
  await user.type(field, 'Hej Göran');
  expect(screen.getByTestId('draft-state')).toHaveAttribute('data-state', 'pending');
  await waitFor(() => expect(core.drafts.get('case-1')).toBe('Hej Göran'));
  await waitFor(() =>
    expect(screen.getByTestId('draft-state')).toHaveTextContent('Utkast, sparat på den här datorn'),
  );
  close();

  const again = await showWindow(core);
  const restored = await openCase(again.user, CASE);
  expect(restored).toHaveValue('Hej Göran');
  expect(screen.getByTestId('draft-state')).toHaveAttribute('data-state', 'saved');
});

// Covers KW-45
test('the draft is saved at once when the program is closed before the pause is over', async () => {
  const core = new FakeCore();
  const { user, close } = await showWindow(core);
  await user.type(await openCase(user, CASE), 'Hej');
  close();
  await waitFor(() => expect(core.drafts.get('case-1')).toBe('Hej'));
});

test('a draft that could not be saved is told', async () => {
  const core = new FakeCore();
  core.failOn('messages.draft_save', 'disk_full');
  const { user } = await showWindow(core);
  await user.type(await openCase(user, CASE), 'Hej');
  await waitFor(() =>
    expect(screen.getByTestId('draft-state')).toHaveTextContent(
      'Utkastet är inte sparat. Disken är full',
    ),
  );
});

// Covers KW-45
test('a change from the core never replaces what is being typed', async () => {
  const core = new FakeCore();
  core.drafts.set('case-1', 'gammalt utkast');
  const { user } = await showWindow(core);
  const field = await openCase(user, CASE);
  expect(field).toHaveValue('gammalt utkast');
  await user.type(field, ' och mer');
  core.drafts.set('case-1', 'något annat');
  core.addMessage('case-1', { text: 'Nytt från handläggaren', at: '2026-11-23T08:00:00Z' });
  core.announce('messages', 'cases');
  expect(await screen.findByText('Nytt från handläggaren')).toBeVisible();
  expect(field).toHaveValue('gammalt utkast och mer');
  expect(field).toHaveFocus();
});

// Covers KW-45
test('the text survives another case, another view and another language', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openCase(user, CASE), 'halvfärdigt');
  expect(await openCase(user, 'Sakkunnig brandskydd')).toHaveValue('');
  expect(await openCase(user, CASE)).toHaveValue('halvfärdigt');
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
  const field = await openCase(user, CASE);
  await user.type(field, 'första{Control>}{Enter}{/Control}');
  await waitFor(() => expect(field).toHaveValue(''));
  await user.type(field, 'andra');
  await user.click(screen.getByTestId('nav-outbox'));
  await user.click(await screen.findByTestId('withdraw'));
  await screen.findByText('Utkorgen är tom');
  await user.click(screen.getByTestId('nav-cases'));
  const again = await screen.findByTestId('message-text');
  expect(again).toHaveValue('andra\n\nförsta');
  await user.type(again, ' och mer');
  await waitFor(() => expect(core.drafts.get('case-1')).toBe('andra\n\nförsta och mer'));
});

// Covers KW-44
test('cancel asks before it throws a text away, and the text can be taken back', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  const field = await openCase(user, CASE);
  await user.type(field, 'Hej');
  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  const question = await screen.findByRole('alertdialog', { name: 'Vill du kasta texten?' });
  await user.click(within(question).getByRole('button', { name: 'Fortsätt skriva' }));
  expect(field).toHaveValue('Hej');

  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  await user.click(await screen.findByRole('button', { name: 'Kasta texten' }));
  await waitFor(() => expect(field).toHaveValue(''));
  await waitFor(() => expect(core.drafts.has('case-1')).toBe(false));
  expect(core.callsOf('messages.send')).toEqual([]);

  await user.click(await screen.findByRole('button', { name: 'Ångra' }));
  expect(field).toHaveValue('Hej');
  await waitFor(() => expect(core.drafts.get('case-1')).toBe('Hej'));
});

// Covers KW-44
test('cancel can keep the text as a draft', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  const field = await openCase(user, CASE);
  await user.type(field, 'Hej');
  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  await user.click(await screen.findByRole('button', { name: 'Spara utkast' }));
  await waitFor(() => expect(core.drafts.get('case-1')).toBe('Hej'));
  expect(field).toHaveValue('Hej');
  expect(core.callsOf('messages.draft_discard')).toEqual([]);
});

// Covers KW-46
test('a sent message waits in the queue, and looks different once the server has it', async () => {
  const core = new FakeCore();
  core.sync = { ...core.sync, line: 'offline' };
  const { user } = await showWindow(core);
  const field = await openCase(user, CASE);
  await user.type(field, 'Hej{Control>}{Enter}{/Control}');
  const row = await screen.findByTestId('message');
  expect(row).toHaveAttribute('data-state', 'queued');
  expect(within(row).getByText('Väntar på att skickas')).toBeVisible();
  expect(field).toHaveValue('');
  expect(field).toHaveFocus();
  expect(screen.getByTestId('sync-state')).toHaveTextContent('Offline, 1 väntar');
  expect(screen.getByTestId('nav-outbox')).toHaveAccessibleName('Utkorg, 1 väntar');

  const [message] = core.messages.get('case-1') ?? [];
  core.messages.set('case-1', message === undefined ? [] : [{ ...message, state: 'received' }]);
  core.announce('messages');
  expect(await within(row).findByText('Mottaget')).toBeVisible();
  expect(within(row).queryByText('Väntar på att skickas')).toBeNull();
  expect(row).toHaveAttribute('data-state', 'received');
});

test('a refused message says why', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', {
    text: 'Hej',
    mine: true,
    state: 'refused',
    reason: { code: 'not_party_of_case' },
  });
  core.addMessage('case-1', { text: 'Hå', mine: true, state: 'refused', reason: { code: 'zx_9' } });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  expect(screen.getByText(/Bara den certifierade personen och handläggaren/)).toBeVisible();
  expect(screen.getByText('Servern nekade det. Felkod: zx_9')).toBeVisible();
});

// Covers KW-50
test('a text over the limit is not sent but pointed to a document', async () => {
  const core = new FakeCore();
  core.maxLength = 60;
  const { user } = await showWindow(core);
  const field = await openCase(user, CASE);
  await user.click(field);
  await user.paste('å'.repeat(20));
  expect(screen.getByText('Du kan skriva 40 tecken till.')).toBeVisible();
  await user.paste('å'.repeat(42));
  expect(
    screen.getByText(/Texten är 2 tecken för lång\..*Ladda upp texten som ett dokument/),
  ).toBeVisible();
  expect(screen.getByTestId('send')).toBeDisabled();
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(core.callsOf('messages.send')).toEqual([]);
  expect(field).toHaveValue('å'.repeat(62));
});

test('an empty message is not sent, and the field says so', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  const field = await openCase(user, CASE);
  await user.type(field, '  ');
  await user.click(screen.getByTestId('send'));
  expect(screen.getByText('Meddelandet är tomt. Skriv något och skicka igen.')).toBeVisible();
  expect(core.callsOf('messages.send')).toEqual([]);
});

test('a message that the core does not take stays in the field', async () => {
  const core = new FakeCore();
  core.failOn('messages.send', 'disk_full');
  const { user } = await showWindow(core);
  const field = await openCase(user, CASE);
  await user.type(field, 'Hej');
  await user.click(screen.getByTestId('send'));
  expect(await screen.findByRole('alert')).toHaveTextContent('Disken är full');
  expect(field).toHaveValue('Hej');
});

test('the officer sees the certified person in the list, and she sees the officer', async () => {
  const core = new FakeCore();
  const [first, second] = core.cases;
  if (first === undefined || second === undefined) {
    throw new Error('the fake core has two cases');
  }
  core.cases = [{ ...first, mine_to_handle: true }, second];
  await showWindow(core);
  const rows = await screen.findAllByTestId('case');
  expect(rows[0]).toHaveTextContent('Åsa Lindqvist');
  expect(rows[1]).toHaveTextContent('Göran Hägglund');
});

test('nothing to show is said, not left blank', async () => {
  const core = new FakeCore();
  core.cases = [];
  await showWindow(core);
  expect(await screen.findByText('Inga ärenden än')).toBeVisible();
});

test('the cases have no accessibility faults', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'Hej', mine: true, state: 'queued' });
  const { user, container } = await showWindow(core);
  await user.type(await openCase(user, CASE), 'Hej');
  expect(await axeViolations(container)).toEqual([]);
});
