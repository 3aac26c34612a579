import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore, LOCKED, PHONE, PIN, SMS_CODE } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

function signedOut(): FakeCore {
  const core = new FakeCore();
  core.session = { state: 'signed_out', erased: false };
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
  expect(await screen.findByRole('heading', { level: 1, name: 'Översikt' })).toHaveFocus();
  expect(core.callsOf('session.sign_in')).toEqual([
    {
      server: 'http://127.0.0.1:8790',
      user_name: 'asa',
      password: 'hemligt ord',
      passphrase: 'en lång lösenfras',
      keyring: true,
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

test('a short PIN is told before the server is asked', async () => {
  const core = signedOut();
  const { user } = await showWindow(core);
  await user.type(await screen.findByTestId('user-name'), 'asa');
  await user.type(screen.getByTestId('password'), 'hemligt');
  await user.type(screen.getByTestId('passphrase'), 'kort{Enter}');
  expect(screen.getByText('Pinkoden har 4 tecken. Den ska ha minst 6.')).toBeVisible();
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

test('a locked program opens with the PIN, and says when it is wrong and few tries are left', async () => {
  const core = new FakeCore();
  core.session = LOCKED;
  core.triesLeft = 7;
  const { user, container } = await showWindow(core);
  const field = await screen.findByLabelText('Pinkod');
  await user.type(field, '000000{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('Pinkoden stämmer inte.');
  expect(screen.queryByTestId('tries-left')).toBeNull();
  expect(field).toHaveFocus();
  await user.keyboard('000000{Enter}');
  expect(await screen.findByTestId('tries-left')).toHaveTextContent('5 försök kvar.');
  expect(await axeViolations(container)).toEqual([]);
  core.triesLeft = 2;
  await user.keyboard('000000{Enter}');
  expect(await screen.findByText(/^Ett försök kvar\. Sedan öppnas programmet med/)).toBeVisible();
  await user.keyboard(`${PIN}{Enter}`);
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
  expect(await screen.findByRole('heading', { level: 1, name: 'Översikt' })).toHaveFocus();
});

test('without a keyring the words are those for a passphrase', async () => {
  const core = new FakeCore();
  core.session = { ...LOCKED, keyring: false };
  const { user } = await showWindow(core);
  expect(await screen.findByLabelText('Lösenfras')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Jag har glömt lösenfrasen' }));
  expect(screen.getByRole('heading', { level: 1, name: 'Välj en ny lösenfras' })).toBeVisible();
});

test('a forgotten PIN is replaced by signing in, at the same server', async () => {
  const core = new FakeCore();
  core.session = LOCKED;
  const { user, container } = await showWindow(core);
  await user.click(await screen.findByTestId('forgot'));
  expect(screen.getByText(/Allt du har skrivit ligger kvar/)).toBeVisible();
  expect(screen.getByTestId('server')).toHaveAttribute('readonly');
  expect(await axeViolations(container)).toEqual([]);
  await user.type(screen.getByTestId('user-name'), 'asa');
  await user.type(screen.getByTestId('password'), 'hemligt ord');
  await user.type(screen.getByLabelText('Ny pinkod'), '654321{Enter}');
  await user.type(await screen.findByTestId('code'), `${SMS_CODE}{Enter}`);
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
  expect(core.callsOf('session.sign_in')).toMatchObject([{ passphrase: '654321', keyring: true }]);
});

test("another person's sign-in opens nothing here, and the right person goes on at once", async () => {
  const core = new FakeCore();
  core.session = LOCKED;
  const { user, container } = await showWindow(core);
  await user.click(await screen.findByTestId('forgot'));
  await user.type(screen.getByTestId('user-name'), 'bo');
  await user.type(screen.getByTestId('password'), 'hemligt ord');
  await user.type(screen.getByTestId('passphrase'), '654321{Enter}');
  core.failOn('session.code', 'other_person');
  await user.type(await screen.findByTestId('code'), `${SMS_CODE}{Enter}`);
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Inloggningen stämmer, men den är en annan persons.',
  );
  const name = screen.getByTestId('user-name');
  expect(name).toHaveValue('bo');
  expect(name).toHaveFocus();
  expect(name).toHaveAttribute('aria-invalid', 'true');
  expect(screen.getByTestId('password')).toHaveValue('');
  expect(await axeViolations(container)).toEqual([]);

  core.failOn('session.code', null);
  await user.clear(name);
  expect(screen.queryByRole('alert')).toBeNull();
  await user.type(name, 'asa');
  await user.type(screen.getByTestId('password'), 'hemligt ord');
  await user.type(screen.getByTestId('passphrase'), '654321{Enter}');
  await user.type(await screen.findByTestId('code'), `${SMS_CODE}{Enter}`);
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
});

test('whoever remembers the PIN after all goes back to it', async () => {
  const core = new FakeCore();
  core.session = LOCKED;
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('forgot'));
  await user.click(screen.getByRole('button', { name: 'Avbryt' }));
  expect(await screen.findByTestId('unlock')).toBeVisible();
});

test('without a try left only a sign-in is offered', async () => {
  const core = new FakeCore();
  core.session = { ...LOCKED, tries_left: 0 };
  await showWindow(core);
  expect(await screen.findByText(/fel för många gånger/)).toBeVisible();
  expect(screen.getByTestId('sign-in')).toBeVisible();
  expect(screen.queryByTestId('unlock')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Avbryt' })).toBeNull();
});

test.each([
  ['locked', /Datorns nyckelring är låst/],
  ['unavailable', /Datorn har ingen nyckelring/],
] as const)('a keyring that is %s is told, and asks for a passphrase', async (state, words) => {
  const core = signedOut();
  core.keyring = state;
  const { container } = await showWindow(core);
  expect(await screen.findByText(words)).toBeVisible();
  expect(screen.getByLabelText('Ny lösenfras')).toBeVisible();
  expect(await axeViolations(container)).toEqual([]);
});

test('a keyring that turns out to be locked leaves two ways on, and the PIN is no passphrase', async () => {
  const core = signedOut();
  core.failOn('session.sign_in', 'keyring_locked');
  const { user, container } = await showWindow(core);
  expect(await screen.findByLabelText('Ny pinkod')).toBeVisible();
  await fillIn(user);
  core.keyring = 'locked';
  await user.click(screen.getByTestId('sign-in'));
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent(/Skriv en lösenfras i stället, eller lås upp nyckelringen/);
  expect(alert).not.toHaveTextContent('Lås upp den och försök igen');
  core.announce('session');
  const field = await screen.findByLabelText('Ny lösenfras');
  expect(field).toHaveValue('');
  expect(field).toHaveFocus();
  expect(screen.getByRole('button', { name: 'Försök med nyckelringen' })).toBeVisible();
  expect(await axeViolations(container)).toEqual([]);
});

test('without a keyring the core is asked for none', async () => {
  const core = signedOut();
  core.keyring = 'unavailable';
  const { user } = await showWindow(core);
  await screen.findByText(/Datorn har ingen nyckelring/);
  await fillIn(user);
  await user.click(screen.getByTestId('sign-in'));
  await screen.findByTestId('code');
  expect(core.callsOf('session.sign_in')).toMatchObject([{ keyring: false }]);
});

test('the keyring can be tried again once it is there', async () => {
  const core = signedOut();
  core.keyring = 'unavailable';
  const { user } = await showWindow(core);
  const again = await screen.findByRole('button', { name: 'Försök med nyckelringen' });
  core.keyring = 'ready';
  await user.click(again);
  expect(await screen.findByLabelText('Ny pinkod')).toBeVisible();
  expect(core.callsOf('session.keyring_again')).toHaveLength(1);
});

test('whoever does not want to wait for the keyring chooses a passphrase', async () => {
  const core = signedOut();
  core.keyring = 'waiting';
  const { user } = await showWindow(core);
  expect(await screen.findByText(/Väntar på datorns nyckelring/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Välj en lösenfras i stället' }));
  expect(screen.getByLabelText('Ny lösenfras')).toBeVisible();
  expect(screen.getByText(/skyddar ensam/)).toBeVisible();
});

test('a keyring that is silent while the program unlocks is told', async () => {
  const core = new FakeCore();
  core.session = LOCKED;
  core.keyring = 'waiting';
  const { user } = await showWindow(core);
  const field = await screen.findByTestId('passphrase');
  expect(screen.queryByText(/Väntar på datorns nyckelring/)).toBeNull();
  core.hold('session.unlock');
  await user.type(field, `${PIN}{Enter}`);
  expect(await screen.findByText(/Väntar på datorns nyckelring/)).toBeVisible();
  core.release();
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
});

test('the PIN is changed in a dialog, by whoever knows it', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.click(await screen.findByRole('button', { name: 'Konto' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Byt pinkod' }));
  const dialog = await screen.findByRole('dialog', { name: 'Byt pinkod' });
  expect(screen.getByTestId('current-passphrase')).toHaveFocus();
  expect(await axeViolations(dialog)).toEqual([]);
  await user.keyboard('000000');
  await user.type(screen.getByTestId('new-passphrase'), '12345{Enter}');
  expect(screen.getByText('Pinkoden har 5 tecken. Den ska ha minst 6.')).toBeVisible();
  expect(core.callsOf('session.change_passphrase')).toEqual([]);
  await user.keyboard('6{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('Pinkoden stämmer inte.');
  await user.clear(screen.getByTestId('current-passphrase'));
  await user.type(screen.getByTestId('current-passphrase'), `${PIN}{Enter}`);
  expect(await screen.findByText('Pinkoden är bytt.')).toBeVisible();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(core.pin).toBe('123456');
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
  core.session = { state: 'code_needed', phone: PHONE, factor: 'sms' };
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
