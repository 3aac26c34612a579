import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

const NEW = 'sju sköna sjömän';

async function openAccount(core = new FakeCore()) {
  const shown = await showWindow(core);
  await shown.user.click(await screen.findByTestId('account'));
  await shown.user.click(await screen.findByTestId('show-account'));
  const current = await screen.findByTestId<HTMLInputElement>('current-password');
  const next = screen.getByTestId<HTMLInputElement>('new-password');
  await screen.findByRole('list', { name: 'Dina datorer' });
  return { ...shown, core, current, next };
}

test('the password is changed from the account page, which states its rules', async () => {
  const { user, core, current, next, container } = await openAccount();
  expect(screen.getByRole('heading', { level: 1, name: 'Konto' })).toBeVisible();
  expect(screen.getByText('ska ha minst 12 och högst 200 tecken')).toBeVisible();
  await user.type(current, core.password);
  await user.type(next, `${NEW}{Enter}`);
  expect(await screen.findByText(/Lösenordet är bytt/)).toBeVisible();
  expect(core.password).toBe(NEW);
  expect([current.value, next.value]).toEqual(['', '']);
  expect(await axeViolations(container)).toEqual([]);
});

test('each refusal stands at its field, which gets the focus, and nothing typed is lost', async () => {
  const { user, core, current, next } = await openAccount();
  await user.type(next, 'kort{Enter}');
  expect(await screen.findByText('Skriv lösenordet som gäller nu.')).toBeVisible();
  expect(screen.getByText('Lösenordet är för kort. Det ska ha minst 12 tecken.')).toBeVisible();
  expect(current).toHaveFocus();
  await user.type(current, 'fel');
  await user.clear(next);
  await user.type(next, `${core.account.user_name}{Enter}`);
  expect(await screen.findByText(/får inte vara ditt användarnamn\. Välj/)).toBeVisible();
  expect(next).toHaveFocus();
  await user.clear(next);
  await user.type(next, `${NEW}{Enter}`);
  expect(await screen.findByText(/Det nuvarande lösenordet stämmer inte/)).toBeVisible();
  await waitFor(() => expect(current).toHaveFocus());
  expect([current.value, next.value]).toEqual(['fel', NEW]);
  expect(core.callsOf('account.change_password')).toHaveLength(1);
});

test('without a line it says so and keeps what was typed', async () => {
  const core = new FakeCore();
  core.failOn('account.state', 'offline');
  core.setLine('offline');
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('account'));
  await user.click(await screen.findByTestId('show-account'));
  expect(await screen.findByText(/kan bara ändras med uppkoppling/)).toBeVisible();
  core.failOn('account.change_password', 'offline');
  const current = screen.getByTestId<HTMLInputElement>('current-password');
  await user.type(current, core.password);
  await user.type(screen.getByTestId('new-password'), `${NEW}{Enter}`);
  await waitFor(() => expect(core.callsOf('account.change_password')).toHaveLength(1));
  expect(current.value).toBe(core.password);
  // the line comes back: the list is asked for again, and the same form is sent
  core.failOn('account.state', null);
  core.failOn('account.change_password', null);
  core.setLine('online');
  expect(await screen.findByText('Windows')).toBeVisible();
  await user.click(screen.getByTestId('change-password'));
  expect(await screen.findByText(/Lösenordet är bytt/)).toBeVisible();
});

test('another computer is logged out at once, and this one cannot be', async () => {
  const { user, core } = await openAccount();
  const rows = within(screen.getByRole('list', { name: 'Dina datorer' })).getAllByRole('listitem');
  expect(rows).toHaveLength(3);
  const [own] = rows;
  expect(own).toHaveTextContent(/Linux.*Den här datorn/);
  expect(own?.querySelector('button')).toBeNull();
  await user.click(screen.getByRole('button', { name: /^Logga ut Windows, inloggad/ }));
  expect(await screen.findByText('Du är utloggad på den datorn.')).toBeVisible();
  expect(core.callsOf('account.end_devices')).toEqual([{ device: 'device-2', erase: false }]);
  expect(screen.queryByText('Windows')).toBeNull();
  expect(screen.getByRole('list', { name: 'Dina datorer' })).toHaveFocus();
});

test('emptying a computer says first what is lost, and can be left', async () => {
  const { user, core } = await openAccount();
  await user.click(screen.getByRole('button', { name: /^Töm datorn Windows/ }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Tömma programmet på Windows?' });
  expect(within(dialog).getByText(/inte är skickat därifrån går förlorat/)).toBeVisible();
  expect(await axeViolations(dialog)).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Avbryt' }));
  expect(core.callsOf('account.end_devices')).toEqual([]);
  await user.click(screen.getByRole('button', { name: /^Töm datorn Windows/ }));
  await user.click(await screen.findByTestId('confirm-erase'));
  expect(await screen.findByText('Töms vid nästa kontakt')).toBeVisible();
  expect(core.callsOf('account.end_devices')).toEqual([{ device: 'device-2', erase: true }]);
});

test('all others are logged out together', async () => {
  const { user, core } = await openAccount();
  await user.click(screen.getByTestId('end-others'));
  expect(await screen.findByText('Du är utloggad på alla andra datorer.')).toBeVisible();
  expect(core.callsOf('account.end_devices')).toEqual([{ device: null, erase: false }]);
  expect(screen.queryByTestId('end-others')).toBeNull();
});

test('a forgotten password is mailed a link, and the answer is the same for everybody', async () => {
  const core = new FakeCore();
  core.session = { state: 'signed_out', erased: false };
  const { user } = await showWindow(core);
  await user.type(await screen.findByTestId('user-name'), 'asa');
  await user.click(screen.getByTestId('forgotten'));
  const name = await screen.findByTestId<HTMLInputElement>('forgotten-name');
  expect(name.value).toBe('asa');
  await user.clear(name);
  await user.click(screen.getByTestId('forgotten-send'));
  expect(await screen.findByText(/Skriv ditt användarnamn eller din e-postadress/)).toBeVisible();
  await user.type(name, ' asa@example.com {Enter}');
  expect(await screen.findByText(/^Om det finns ett konto med det namnet/)).toBeVisible();
  expect(core.callsOf('session.forgotten')).toEqual([
    { server: 'http://127.0.0.1:8790', name: 'asa@example.com' },
  ]);
  expect(core.callsOf('session.sign_in')).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Stäng' }));
  expect(await screen.findByTestId('user-name')).toHaveValue('asa');
});

test('a program that was emptied by order says why', async () => {
  const core = new FakeCore();
  core.session = { state: 'signed_out', erased: true };
  const { container } = await showWindow(core);
  expect(await screen.findByText(/Programmet är tömt på den här datorn/)).toBeVisible();
  expect(await axeViolations(container)).toEqual([]);
});
