import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore, LOCKED, PIN } from '../testing/fake-core';
import { axeViolations, openCase, openDocuments, openNew, showWindow } from '../testing/show';

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

async function showUnsaved() {
  const core = new FakeCore();
  core.failOn('messages.draft_save', 'disk_full');
  const { user, container } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  act(() => core.emit('closing', null));
  const dialog = await screen.findByRole('alertdialog', {
    name: 'Allt du har skrivit är inte sparat än',
  });
  return { core, user, container, dialog };
}

// Covers KW-45
test('a text that cannot be saved keeps the window open, until it can be', async () => {
  const { core, user, dialog } = await showUnsaved();
  expect(dialog).toHaveTextContent('Disken är full');
  expect(await axeViolations(dialog)).toEqual([]);
  await waitFor(() => expect(core.callsOf('shell.stay')).toHaveLength(1));

  act(() => core.emit('closing', null));
  await waitFor(() => expect(core.callsOf('shell.stay')).toHaveLength(2));
  expect(dialog).toBeVisible();

  await user.click(screen.getByRole('button', { name: 'Försök igen' }));
  expect(await screen.findByText('Det gick inte att spara nu heller.')).toBeVisible();
  expect(core.callsOf('shell.close')).toEqual([]);
  core.failOn('messages.draft_save', null);
  await user.click(screen.getByRole('button', { name: 'Försök igen' }));
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
  expect(core.messages.draft('case-1')).toBe('Hej');
});

test('whoever keeps writing can close later', async () => {
  const { core, user, dialog } = await showUnsaved();
  expect(screen.getByRole('button', { name: 'Fortsätt skriva' })).toHaveFocus();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(screen.getByTestId('message-text')).toHaveValue('Hej');
  core.failOn('messages.draft_save', null);
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Hej'));
  expect(core.callsOf('shell.close')).toEqual([]);
  act(() => core.emit('closing', null));
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
});

test('whoever knows what is lost closes anyway', async () => {
  const { core, user } = await showUnsaved();
  await user.click(screen.getByRole('button', { name: 'Stäng ändå' }));
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
});

test('a text that takes long to save keeps the window open, and closes it once saved', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  const field = await openNew(user, CASE);
  core.hold('messages.draft_save');
  await user.type(field, 'Hej');
  act(() => core.emit('closing', null));
  expect(await screen.findByRole('alertdialog')).toHaveTextContent('Det tar lång tid att spara.');
  await waitFor(() => expect(core.callsOf('shell.stay')).toEqual([{}]));
  expect(core.callsOf('shell.close')).toEqual([]);
  core.release();
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
  expect(core.messages.draft('case-1')).toBe('Hej');
});

async function showSending() {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Hej'));
  core.hold('messages.send');
  await user.keyboard(' igen{Control>}{Enter}{/Control}');
  await waitFor(() => expect(core.callsOf('messages.send')).toHaveLength(1));
  const saves = core.callsOf('messages.draft_save').length;
  return { core, user, saves };
}

test('a text that is being sent is not kept as a draft as well when its field is left', async () => {
  const { core, user, saves } = await showSending();
  await user.tab();
  await user.click(screen.getByRole('option', { name: /Sakkunnig/ }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  core.release();
  await waitFor(() => expect(core.outbox).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(core.callsOf('messages.draft_save')).toHaveLength(saves);
  expect(core.messages.draft('case-1')).toBeUndefined();
});

// Covers KW-45
test('a window that closes waits for what is being sent, and keeps it if it is not', async () => {
  const { core, saves } = await showSending();
  act(() => core.emit('closing', null));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(core.callsOf('messages.draft_save')).toHaveLength(saves);
  expect(core.callsOf('shell.close')).toEqual([]);
  core.failOn('messages.send', 'internal');
  core.release();
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
  expect(core.messages.draft('case-1')).toBe('Hej igen');
});

test('a window that closes while a text is being sent leaves no draft of it', async () => {
  const { core } = await showSending();
  act(() => core.emit('closing', null));
  await new Promise((resolve) => setTimeout(resolve, 100));
  core.release();
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
  expect(core.messages.draft('case-1')).toBeUndefined();
});

async function showLockedUnsaved() {
  const core = new FakeCore();
  core.failOn('messages.draft_save', 'disk_full');
  const { user, container } = await showWindow(core);
  await user.type(await openNew(user, CASE), 'Hej');
  await waitFor(() => expect(core.callsOf('messages.draft_save')).not.toEqual([]));
  core.failOn('messages.draft_save', 'locked');
  core.session = LOCKED;
  act(() => core.announce('session'));
  await screen.findByTestId('unlock');
  return { core, user, container };
}

// Covers KW-45
test('a text that could not be saved when the program locked itself is saved when it is opened', async () => {
  const { core, user, container } = await showLockedUnsaved();
  expect(screen.getByRole('alert')).toHaveTextContent(/inte sparat än/);
  expect(container).not.toHaveTextContent('Hej');
  await new Promise((resolve) => setTimeout(resolve, 100));
  core.failOn('messages.draft_save', null);
  await user.type(screen.getByTestId('passphrase'), `${PIN}{Enter}`);
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('Hej'));
  await openCase(user, CASE);
  expect(await screen.findByTestId('message-text')).toHaveValue('Hej');
});

test('a locked window with a text that is not saved asks before it closes', async () => {
  const { core, user } = await showLockedUnsaved();
  act(() => core.emit('closing', null));
  const dialog = await screen.findByRole('alertdialog');
  expect(dialog).toHaveTextContent(/Det sparas när du har låst upp\./);
  expect(screen.queryByTestId('close-retry')).toBeNull();
  expect(await axeViolations(dialog)).toEqual([]);
  await waitFor(() => expect(core.callsOf('shell.stay')).toEqual([{}]));
  await user.click(screen.getByTestId('close-stay'));
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(core.callsOf('shell.close')).toEqual([]);
  act(() => core.emit('closing', null));
  await user.click(await screen.findByTestId('close-anyway'));
  await waitFor(() => expect(core.callsOf('shell.close')).toEqual([{}]));
});
