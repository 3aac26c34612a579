import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore, LOCKED } from '../testing/fake-core';
import { openDocuments, openNew, showWindow } from '../testing/show';

const CASE = 'F-gas, kategori I';

// Covers KW-45
test('a window that closes has saved everything that is being written', async () => {
  const core = new FakeCore();
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  core.documents.addRow('case-1', { id: 'Betyg' });
  core.documents.addDocument('case-1', 'Betyg', { mine: false });
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  core.hold('messages.draft_save');
  await user.type(screen.getByTestId('message-text'), ' igen');
  await openDocuments(user, CASE);
  await user.click(screen.getByTestId('refuse'));
  await user.type(await screen.findByTestId('refusal-text'), 'Halv');
  act(() => core.emit('closing', null));
  await waitFor(() =>
    expect(core.documents.find('document-1').document.refusal_draft).toBe('Halv'),
  );
  expect(core.callsOf('shell.close')).toEqual([]);
  core.release();
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
  expect(core.messages.draft('case-1')).toBe('Hej igen');
});

test('a window closes at once when nothing can be written in it', async () => {
  const core = new FakeCore();
  core.session = LOCKED;
  await showWindow(core);
  await screen.findByTestId('unlock');
  act(() => core.emit('closing', null));
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
});

test('a text that cannot be saved does not keep the window from closing', async () => {
  const core = new FakeCore();
  core.failOn('messages.draft_save', 'disk_full');
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  act(() => core.emit('closing', null));
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
});
