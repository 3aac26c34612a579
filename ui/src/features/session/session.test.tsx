import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore, PHONE, SMS_CODE } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

function signedOut(): FakeCore {
  const core = new FakeCore();
  core.session = { state: 'signed_out' };
  return core;
}

async function fillIn(user: Awaited<ReturnType<typeof showWindow>>['user']): Promise<void> {
  await user.type(await screen.findByTestId('user-name'), 'asa');
  await user.type(screen.getByTestId('password'), 'hemligt ord');
  await user.type(screen.getByTestId('passphrase'), 'en lång lösenfras');
}

/** Signs in with the first step; the code is what remains. */
async function showCodeStep(core: FakeCore) {
  const shown = await showWindow(core);
  await fillIn(shown.user);
  await shown.user.click(screen.getByTestId('sign-in'));
  return { ...shown, code: await screen.findByTestId<HTMLInputElement>('code') };
}

test('signing in asks for the code that came by SMS, and opens the program', async () => {
  const core = signedOut();
  const { user, code } = await showCodeStep(core);
  expect(screen.getByRole('heading', { level: 1, name: 'Skriv koden' })).toBeVisible();
  expect(screen.getByText(`Vi har skickat en kod med sms till numret ${PHONE}.`)).toBeVisible();
  expect(code).toHaveFocus();
  expect(code).toHaveAttribute('inputmode', 'numeric');
  expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  expect(code).toHaveAccessibleDescription(/numret •••• 05/);
  expect(screen.queryByTestId('password')).toBeNull();
  await user.type(code, `${SMS_CODE}{Enter}`);
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
  expect(core.callsOf('session.sign_in')).toEqual([
    {
      server: 'http://127.0.0.1:8790',
      user_name: 'asa',
      password: 'hemligt ord',
      passphrase: 'en lång lösenfras',
    },
  ]);
});

test('a refused sign-in says which fields to check', async () => {
  const core = signedOut();
  core.failOn('session.sign_in', 'sign_in_refused');
  const { user } = await showWindow(core);
  await fillIn(user);
  await user.click(screen.getByTestId('sign-in'));
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Användarnamnet eller lösenordet stämmer inte.',
  );
  expect(screen.getByTestId('password')).toHaveFocus();
  expect(screen.getByTestId('password')).toHaveAttribute('aria-invalid', 'true');
});

test('a server address that cannot be used marks its field', async () => {
  const core = signedOut();
  core.failOn('session.sign_in', 'server_address');
  const { user } = await showWindow(core);
  await fillIn(user);
  await user.click(screen.getByTestId('sign-in'));
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Serverns adress går inte att använda',
  );
  expect(screen.getByTestId('server')).toHaveAttribute('aria-invalid', 'true');
});

test('a short passphrase is told before the server is asked', async () => {
  const core = signedOut();
  const { user } = await showWindow(core);
  await user.type(await screen.findByTestId('user-name'), 'asa');
  await user.type(screen.getByTestId('password'), 'hemligt');
  await user.type(screen.getByTestId('passphrase'), 'kort{Enter}');
  expect(screen.getByText('Lösenfrasen har 4 tecken. Den ska ha minst 8.')).toBeVisible();
  expect(screen.getByTestId('passphrase')).toHaveFocus();
  expect(core.callsOf('session.sign_in')).toEqual([]);
});

// Covers KW-09
test('invisible characters in a pasted password are named and can be removed', async () => {
  const { user } = await showWindow(signedOut());
  const password = await screen.findByTestId<HTMLInputElement>('password');
  await user.click(password);
  await user.paste('hemligt\u200B ord\t');
  expect(
    screen.getByText('Här finns 2 tecken som inte syns: tecken utan bredd (1), tabb (1).'),
  ).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Ta bort osynliga tecken' }));
  expect(password).toHaveValue('hemligt ord');
  expect(screen.queryByText(/tecken som inte syns/)).toBeNull();
});

test('the password can be shown and hidden', async () => {
  const { user } = await showWindow(signedOut());
  const password = await screen.findByTestId('password');
  expect(password).toHaveAttribute('type', 'password');
  await user.click(screen.getByRole('button', { name: 'Visa lösenordet' }));
  expect(password).toHaveAttribute('type', 'text');
  await user.click(screen.getByRole('button', { name: 'Dölj lösenordet' }));
  expect(password).toHaveAttribute('type', 'password');
});

test('a locked program opens with the passphrase, and says when it is wrong', async () => {
  const core = new FakeCore();
  core.session = { state: 'locked', server: 'http://127.0.0.1:8790' };
  core.failOn('session.unlock', 'wrong_passphrase');
  const { user } = await showWindow(core);
  await user.type(await screen.findByTestId('passphrase'), 'fel fras');
  await user.click(screen.getByTestId('unlock'));
  expect(await screen.findByRole('alert')).toHaveTextContent('Lösenfrasen stämmer inte.');
  core.failOn('session.unlock', null);
  await user.click(screen.getByTestId('unlock'));
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
});

test('the sign-in page has no accessibility faults', async () => {
  const core = signedOut();
  core.failOn('session.sign_in', 'sign_in_refused');
  const { user, container } = await showWindow(core);
  await fillIn(user);
  await user.click(screen.getByTestId('sign-in'));
  await screen.findByRole('alert');
  expect(await axeViolations(container)).toEqual([]);
});

test('a code that is pasted with a space is sent without it', async () => {
  const core = signedOut();
  const { user, code } = await showCodeStep(core);
  await user.click(code);
  await user.paste('123 456');
  expect(code).toHaveValue('123456');
  await user.click(screen.getByTestId('confirm-code'));
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
  expect(core.callsOf('session.code')).toEqual([{ code: '123456' }]);
});

test('a code that is not six digits is not sent', async () => {
  const core = signedOut();
  const { user, code } = await showCodeStep(core);
  await user.type(code, '12a456{Enter}');
  expect(screen.getByText('Skriv de 6 siffrorna i sms:et.')).toBeVisible();
  expect(code).toHaveFocus();
  expect(core.callsOf('session.code')).toEqual([]);
});

test('a wrong code keeps the step, names the field and selects what was typed', async () => {
  const { user, code } = await showCodeStep(signedOut());
  await user.type(code, '654321');
  await user.click(screen.getByTestId('confirm-code'));
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Koden stämmer inte. Kontrollera den och försök igen.',
  );
  expect(screen.getByTestId('code')).toBe(code);
  expect(code).toHaveAttribute('aria-invalid', 'true');
  expect(code).toHaveAccessibleDescription(/Koden stämmer inte/);
  expect(code).toHaveFocus();
  expect([code.selectionStart, code.selectionEnd]).toEqual([0, 6]);
  await user.keyboard(SMS_CODE);
  expect(screen.queryByRole('alert')).toBeNull();
  await user.keyboard('{Enter}');
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
});

test('a new code can be asked for when the old one is too old, and that is said', async () => {
  const core = signedOut();
  const { user, code } = await showCodeStep(core);
  core.failOn('session.code', 'code_expired');
  await user.type(code, `${SMS_CODE}{Enter}`);
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Koden gäller inte längre. Skicka en ny kod.',
  );
  const again = screen.getByRole('button', { name: 'Skicka en ny kod' });
  await user.click(again);
  const said = await screen.findByText('En ny kod är skickad.');
  expect(said).toHaveAttribute('role', 'status');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(code).toHaveValue('');
  expect(code).toHaveFocus();
  expect(core.callsOf('session.code_again')).toHaveLength(1);
});

test('an SMS that cannot be sent is told, and the button waits while it is tried', async () => {
  const core = signedOut();
  const { user } = await showCodeStep(core);
  core.failOn('session.code_again', 'sms_failed');
  const again = screen.getByTestId('new-code');
  const pressed = user.dblClick(again);
  await waitFor(() => expect(again).toHaveAttribute('aria-disabled', 'true'));
  await pressed;
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Sms:et kunde inte skickas. Försök igen om en stund.',
  );
});

test('cancel goes back to the first step and keeps who the person is', async () => {
  const core = signedOut();
  const { user } = await showCodeStep(core);
  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  expect(await screen.findByTestId('user-name')).toHaveValue('asa');
  expect(screen.getByTestId('server')).toHaveValue('http://127.0.0.1:8790');
  expect(screen.getByTestId('password')).toHaveValue('');
  expect(screen.getByTestId('password')).toHaveFocus();
  expect(core.callsOf('session.sign_in_cancel')).toHaveLength(1);
});

test('a window that starts while a code is awaited shows the code step', async () => {
  const core = new FakeCore();
  core.session = { state: 'code_needed', phone: PHONE };
  const { user } = await showWindow(core);
  expect(await screen.findByTestId('code')).toHaveFocus();
  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  expect(await screen.findByTestId('sign-in')).toBeVisible();
});

test('the code step has no accessibility faults', async () => {
  const { user, code, container } = await showCodeStep(signedOut());
  await user.type(code, '654321{Enter}');
  await screen.findByRole('alert');
  expect(await axeViolations(container)).toEqual([]);
});
