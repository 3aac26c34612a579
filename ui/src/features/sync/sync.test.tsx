import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { SyncView } from '../../generated/rpc';
import { FakeCore, SERVER, SMS_CODE } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

function coreWith(sync: Partial<SyncView>): FakeCore {
  const core = new FakeCore();
  core.sync = { ...core.sync, ...sync };
  return core;
}

test.each<[Partial<SyncView>, string]>([
  [{ line: 'online', waiting: 0 }, 'Allt är framme'],
  [{ line: 'online', waiting: 2 }, 'Skickar, 2 kvar'],
  [{ line: 'offline', waiting: 0 }, 'Offline'],
  [{ line: 'offline', waiting: 2 }, 'Offline, 2 väntar'],
  [{ line: 'connecting', waiting: 0 }, 'Ansluter…'],
  [{ line: 'sign_in_needed', waiting: 0 }, 'Logga in igen'],
  [{ line: 'online', waiting: 1, fault: 'upgrade_needed' }, 'Inget skickas, 1 väntar'],
])('the line %j reads "%s"', async (sync, words) => {
  await showWindow(coreWith(sync));
  expect(await screen.findByText(words, { selector: '[data-testid=sync-state] *' })).toBeVisible();
  expect(screen.getByTestId('sync-state')).toHaveAttribute('data-line', sync.line);
});

test('what is shown keeps its place when the line goes and comes', async () => {
  const core = coreWith({ line: 'online' });
  const { container } = await showWindow(core);
  // Without a time: nothing tells the window of each contact while the line is there.
  expect(await screen.findByText('Uppkopplad till servern.')).not.toHaveTextContent('kontakt');
  const order = () => [...(screen.getByRole('main').parentElement?.children ?? [])];
  const before = order();
  expect(before.at(-1)).toBe(screen.getByRole('contentinfo').parentElement);
  await act(async () => core.setLine('offline'));
  expect(await screen.findByRole('region', { name: 'Du är offline.' })).toBeVisible();
  expect(order()).toEqual(before);
  expect(await axeViolations(container)).toEqual([]);
});

test('the banner leads to the outbox from everywhere else', async () => {
  const { user } = await showWindow(coreWith({ line: 'offline' }));
  await user.click(await screen.findByRole('button', { name: 'Visa utkorgen' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Utkorg' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Visa utkorgen' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Försök nu' })).toBeVisible();
});

test('the banner stands only while there is something to say', async () => {
  const core = coreWith({ line: 'offline', waiting: 1 });
  const { user } = await showWindow(core);
  expect(await screen.findByRole('region', { name: 'Du är offline.' })).toHaveTextContent(
    '1 sak i utkorgen skickas när du är uppkopplad igen. Senaste kontakt',
  );
  await user.click(screen.getByRole('button', { name: 'Försök nu' }));
  expect(core.callsOf('sync.now')).toHaveLength(1);

  core.sync = { ...core.sync, line: 'connecting' };
  await act(async () => core.announce('sync'));
  expect(await screen.findByText(/^Ansluter…/)).toBeVisible();
  expect(screen.getByRole('region', { name: 'Du är offline.' })).toBeVisible();

  core.sync = { ...core.sync, line: 'online', waiting: 0 };
  await act(async () => core.announce('sync'));
  expect(await screen.findByText('Allt är framme')).toBeVisible();
  expect(screen.queryByRole('region', { name: 'Du är offline.' })).toBeNull();
});

test('signing in again asks for the code, without leaving what is being written', async () => {
  const core = coreWith({ line: 'sign_in_needed' });
  const { user } = await showWindow(core);
  await user.click(await screen.findByRole('button', { name: 'Logga in igen' }));
  const dialog = await screen.findByRole('dialog', { name: 'Logga in igen' });
  expect(dialog).toBeVisible();
  expect(screen.getByTestId('server')).toHaveAttribute('readonly');
  expect(screen.queryByTestId('passphrase')).toBeNull();
  await user.type(screen.getByTestId('user-name'), 'asa');
  await user.type(screen.getByTestId('password'), 'hemligt ord{Enter}');
  const code = await screen.findByTestId('code');
  expect(dialog).toContainElement(code);
  expect(dialog).toHaveAccessibleName('Skriv koden');
  expect(code).toHaveFocus();
  expect(core.session.state).toBe('open');
  await user.type(code, `${SMS_CODE}{Enter}`);
  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  expect(core.callsOf('session.sign_in')).toEqual([
    { server: SERVER, user_name: 'asa', password: 'hemligt ord', passphrase: '', keyring: true },
  ]);
});

test('signing in again as another person asks who one is, in the same dialog', async () => {
  const core = coreWith({ line: 'sign_in_needed' });
  core.failOn('session.code', 'other_person');
  const { user } = await showWindow(core);
  await user.click(await screen.findByRole('button', { name: 'Logga in igen' }));
  const dialog = await screen.findByRole('dialog', { name: 'Logga in igen' });
  await user.type(screen.getByTestId('user-name'), 'bo');
  await user.type(screen.getByTestId('password'), 'hemligt ord{Enter}');
  await user.type(await screen.findByTestId('code'), `${SMS_CODE}{Enter}`);
  expect(await screen.findByRole('alert')).toHaveTextContent('den är en annan persons');
  expect(dialog).toHaveAccessibleName('Logga in igen');
  expect(screen.getByTestId('user-name')).toHaveFocus();
  expect(core.session.state).toBe('open');
});

test('signing in again can go back from the code, and Escape gives it up', async () => {
  const core = coreWith({ line: 'sign_in_needed' });
  const { user } = await showWindow(core);
  await user.click(await screen.findByRole('button', { name: 'Logga in igen' }));
  await user.type(await screen.findByTestId('user-name'), 'asa');
  await user.type(screen.getByTestId('password'), 'hemligt ord{Enter}');
  await screen.findByTestId('code');
  await user.click(screen.getByTestId('cancel-code'));
  expect(await screen.findByRole('dialog', { name: 'Logga in igen' })).toBeVisible();
  expect(screen.getByTestId('user-name')).toHaveValue('asa');
  await user.type(screen.getByTestId('password'), 'hemligt ord{Enter}');
  await screen.findByTestId('code');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(core.callsOf('session.sign_in_cancel')).toHaveLength(2);
  expect(screen.getByTestId('nav-cases')).toBeVisible();
});
