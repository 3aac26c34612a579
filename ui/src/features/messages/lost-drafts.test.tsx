import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openCase, openNew, showWindow } from '../../testing/show';

const CASE = 'F-gas, kategori I';

/** An answer that is being written in a conversation that is not there. */
function coreWithLost(text = 'mitt svar'): FakeCore {
  const core = new FakeCore();
  core.messages.saveDraft({ case: 'case-1', thread: 'lost', message_type: 'question', text });
  return core;
}

// Covers KW-45
test('a draft of a conversation that is not there can be read, and becomes a new message', async () => {
  const core = coreWithLost();
  core.addMessage('case-1', { text: 'annat' });
  const { user, container } = await showWindow(core);
  await openCase(user, CASE);
  const row = screen.getByTestId('lost-draft');
  expect(row).toHaveTextContent('Svar på ett meddelande som inte finns kvar');
  expect(row).toHaveTextContent('Texten blir ett nytt meddelande när du fortsätter skriva.');
  expect(row).toHaveTextContent('mitt svar');
  expect(await axeViolations(container)).toEqual([]);
  await user.click(within(row).getByTestId('open-draft'));
  const field = await screen.findByTestId('message-text');
  expect(field).toHaveValue('mitt svar');
  await waitFor(() => expect(field).toHaveFocus());
  expect(screen.queryByTestId('lost-draft')).toBeNull();
  expect(core.messages.draft('case-1')).toBe('mitt svar');
  expect(core.messages.draft('case-1', 'lost')).toBeUndefined();
  await user.click(screen.getByTestId('send'));
  await waitFor(() =>
    expect(core.callsOf('messages.send')).toEqual([
      { case: 'case-1', thread: null, message_type: 'question', text: 'mitt svar' },
    ]),
  );
});

// Covers KW-45
test('it is put below the new message that is being written already', async () => {
  const core = coreWithLost();
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  await user.type(field, 'nytt');
  await user.click(screen.getByTestId('open-draft'));
  await waitFor(() => expect(field).toHaveValue('nytt\n\nmitt svar'));
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('nytt\n\nmitt svar'));
  await waitFor(() => expect(core.messages.draft('case-1', 'lost')).toBeUndefined());
  await user.type(field, ' till');
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('nytt\n\nmitt svar till'));
});

// Covers KW-45
test('it stays where it is until the new message is saved', async () => {
  const core = coreWithLost();
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  core.failOn('messages.draft_save', 'disk_full');
  await user.click(screen.getByTestId('open-draft'));
  expect(await screen.findByText(/Disken är full/)).toBeVisible();
  expect(screen.getByTestId('lost-draft')).toHaveTextContent('mitt svar');
  expect(core.callsOf('messages.draft_discard')).toEqual([]);
  expect(core.messages.draft('case-1', 'lost')).toBe('mitt svar');
});

test('it can be thrown away, and had back', async () => {
  const core = coreWithLost();
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  await user.click(screen.getByTestId('discard-draft'));
  await user.click(await screen.findByTestId('confirm-discard'));
  await waitFor(() => expect(screen.queryByTestId('lost-draft')).toBeNull());
  await waitFor(() => expect(screen.getByTestId('new-message')).toHaveFocus());
  await user.click(screen.getByRole('button', { name: 'Ångra' }));
  expect(await screen.findByTestId('lost-draft')).toHaveTextContent('mitt svar');
  await waitFor(() => expect(core.messages.draft('case-1', 'lost')).toBe('mitt svar'));
});

// Covers KW-45
test('a conversation that goes away leaves the answer that is being written in it', async () => {
  const core = new FakeCore();
  const first = core.addMessage('case-1', { text: 'frågan' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  await user.click(screen.getByTestId('reply'));
  core.failOn('messages.draft_save', 'disk_full');
  await user.type(await screen.findByTestId('message-text'), 'halvt svar');
  core.messages.remove('case-1', first.id);
  act(() => core.announce('messages', 'cases'));
  expect(await screen.findByTestId('lost-draft')).toHaveTextContent('halvt svar');
  core.failOn('messages.draft_save', null);
  await user.click(screen.getByTestId('open-draft'));
  expect(await screen.findByTestId('message-text')).toHaveValue('halvt svar');
  expect(core.messages.draft('case-1')).toBe('halvt svar');
});

test('a refused answer that was all of its conversation is written again as a new message', async () => {
  const core = new FakeCore();
  core.messages.setThreads('case-1', [
    { id: 'lost', message_type: 'question', messages: [], unread: 0 },
  ]);
  core.addMessage(
    'case-1',
    { text: 'nekat', mine: true, state: 'refused', reason: { code: 'thread_not_found' } },
    { thread: 'lost' },
  );
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  await user.click(screen.getByRole('button', { name: 'Skriv igen' }));
  expect(await screen.findByTestId('message-text')).toHaveValue('nekat');
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('nekat'));
  expect(core.messages.draft('case-1', 'lost')).toBeUndefined();
  expect(screen.queryByTestId('lost-draft')).toBeNull();
});
