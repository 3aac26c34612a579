import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore, LOCKED, PIN } from '../testing/fake-core';
import { openCase, openDocuments, openNew, showWindow } from '../testing/show';

test('locking saves what is being written before it locks', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, 'F-gas, kategori I'), 'Hej');
  await user.click(screen.getByTestId('lock'));
  expect(await screen.findByTestId('unlock')).toBeVisible();
  const order = core.calls.map((call) => call.method);
  expect(order.indexOf('messages.draft_save')).toBeLessThan(order.indexOf('session.lock'));
  expect(core.messages.draft('case-1')).toBe('Hej');
});

test('logging out saves what is being written and empties the window', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, 'F-gas, kategori I'), 'Hej');
  await user.click(screen.getByTestId('account'));
  await user.click(await screen.findByRole('menuitem', { name: 'Logga ut' }));
  expect(await screen.findByTestId('unlock')).toBeVisible();
  const order = core.calls.map((call) => call.method);
  expect(order.indexOf('messages.draft_save')).toBeLessThan(order.indexOf('session.log_out'));
  expect(core.messages.draft('case-1')).toBe('Hej');
  expect(await screen.findByRole('heading', { name: 'Du har loggat ut' })).toBeVisible();
  expect(screen.getByText(/ligger kvar på den här datorn, förseglat/)).toBeVisible();

  await user.type(screen.getByTestId('passphrase'), `${PIN}{Enter}`);
  await user.click(await screen.findByTestId('lock'));
  expect(await screen.findByRole('heading', { name: 'Lås upp' })).toBeVisible();
});

test('the core hears that somebody is there, and not at every key', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.type(await openNew(user, 'F-gas, kategori I'), 'En hel mening till handläggaren');
  expect(core.callsOf('session.activity')).toHaveLength(1);
});

test('a text that cannot be saved keeps the program open', async () => {
  const core = new FakeCore();
  core.failOn('messages.draft_save', 'disk_full');
  const { user } = await showWindow(core);
  const field = await openNew(user, 'F-gas, kategori I');
  await user.type(field, 'Hej');
  await user.click(screen.getByTestId('lock'));
  expect(await screen.findByText(/Programmet är inte låst/)).toBeVisible();
  expect(core.callsOf('session.lock')).toEqual([]);
  expect(field).toHaveValue('Hej');
});

test('a program that locks itself leaves nothing private on screen', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'hemligt innehåll' });
  const { user } = await showWindow(core);
  await openCase(user, 'F-gas, kategori I');
  expect(screen.getByText('hemligt innehåll')).toBeVisible();
  core.session = LOCKED;
  core.announce('session');
  expect(await screen.findByTestId('unlock')).toBeVisible();
  expect(screen.queryByText('hemligt innehåll')).toBeNull();
});

test('what was just done, and its way back, are gone when the program is locked', async () => {
  const core = new FakeCore();
  core.documents.addRow('case-1', { id: 'Betyg' });
  core.documents.nextPick = [core.documents.file('hemligt.pdf')];
  const { user } = await showWindow(core);
  await openDocuments(user, 'F-gas, kategori I');
  await user.click(screen.getByTestId('send-or-tell'));
  await user.click(await screen.findByTestId('pick'));
  await user.click(await screen.findByTestId('discard-picked'));
  expect(await screen.findByText('hemligt.pdf är borttagen.')).toBeVisible();
  await user.click(screen.getByTestId('lock'));
  expect(await screen.findByTestId('unlock')).toBeVisible();
  expect(screen.queryByText(/hemligt/)).toBeNull();
  expect(screen.queryByRole('button', { name: 'Ångra' })).toBeNull();
});

test('the window keeps neither what unlocked it nor what was asked before a lock', async () => {
  const core = new FakeCore();
  core.session = LOCKED;
  const { user, client } = await showWindow(core);
  const kept = () =>
    JSON.stringify(
      client
        .getMutationCache()
        .getAll()
        .map(({ state }) => state),
    );
  await user.type(await screen.findByTestId('passphrase'), `${PIN}{Enter}`);
  await screen.findByTestId('lock');
  await waitFor(() => expect(kept()).toBe('[]'));
  core.addToOutbox({ state: 'queued' });
  core.failOn('outbox.withdraw', 'cannot_withdraw');
  await user.click(screen.getByTestId('nav-outbox'));
  await user.click(await screen.findByTestId('withdraw'));
  await waitFor(() => expect(kept()).toMatch('command-1'));
  await user.click(screen.getByTestId('lock'));
  await screen.findByTestId('unlock');
  expect(kept()).not.toMatch('command-1');
});

test('the language is Swedish until the person chooses English, which is remembered', async () => {
  const { user, close } = await showWindow(new FakeCore());
  expect(await screen.findByRole('heading', { level: 1, name: 'Översikt' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'English' }));
  expect(screen.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  expect(document.documentElement.lang).toBe('en');
  close();
  await showWindow(new FakeCore());
  expect(await screen.findByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
});

test('the tabs of a case mark what has been begun and sent nowhere', async () => {
  const core = new FakeCore();
  core.documents.addRow('case-1', { id: 'Betyg' });
  const file = core.documents.file('a.pdf');
  const { user } = await showWindow(core);
  const field = await openNew(user, 'F-gas, kategori I');
  const messages = screen.getByRole('tab', { name: /^Meddelanden/ });
  const documents = screen.getByRole('tab', { name: /^Ladda upp intyg/ });
  expect(messages).not.toHaveTextContent('Utkast');
  await user.type(field, 'Hej');
  await waitFor(() => expect(messages).toHaveAccessibleName(/^Meddelanden ?, ?Utkast$/));
  await user.clear(field);
  await waitFor(() => expect(messages).not.toHaveTextContent('Utkast'));

  await user.click(documents);
  core.documents.nextPick = [file];
  await user.click(screen.getByTestId('send-or-tell'));
  await user.click(await screen.findByTestId('pick'));
  await waitFor(() => expect(documents).toHaveTextContent('Ej skickat'));
  await user.click(screen.getByTestId('discard-picked'));
  expect(documents).not.toHaveTextContent('Ej skickat');
});

test("a reason that the officer has begun to write is marked on the documents' tab", async () => {
  const core = new FakeCore();
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  core.documents.addRow('case-1', { id: 'Betyg' });
  core.documents.addDocument('case-1', 'Betyg', { mine: false, refusal_draft: 'Sidan två' });
  const { user } = await showWindow(core);
  await openCase(user, 'F-gas, kategori I');
  await waitFor(() =>
    expect(screen.getByRole('tab', { name: /^Dokument/ })).toHaveTextContent('Utkast'),
  );
});

test('the theme is chosen from the keyboard and remembered', async () => {
  const { user } = await showWindow(new FakeCore());
  await screen.findByTestId('overview');
  await user.keyboard('{Control>}k{/Control}');
  await user.type(await screen.findByTestId('palette-input'), 'utseende mork{Enter}');
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(localStorage.getItem('behorig.theme')).toBe('dark');
});

test('the first real screen is marked as painted', async () => {
  delete document.documentElement.dataset.painted;
  await showWindow(new FakeCore());
  await screen.findByTestId('nav-cases');
  await waitFor(() => expect(document.documentElement.dataset.painted).toBe('true'));
});
