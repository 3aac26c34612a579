import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
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

test('signing in opens the program', async () => {
  const core = signedOut();
  const { user } = await showWindow(core);
  await fillIn(user);
  await user.click(screen.getByTestId('sign-in'));
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
