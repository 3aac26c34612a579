import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore, RECOVERY_CODE, SMS_CODE } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

async function openAccount(core = new FakeCore()) {
  const shown = await showWindow(core);
  await shown.user.click(await screen.findByTestId('account'));
  await shown.user.click(await screen.findByTestId('show-account'));
  await screen.findByTestId('factor');
  return { ...shown, core };
}

test('a code app is connected with the password and a code of it, and removed with both', async () => {
  const { user, core, container } = await openAccount();
  expect(screen.getByTestId('factor')).toHaveTextContent(/kommer med sms/);
  await user.click(screen.getByTestId('factor-change'));
  await user.type(screen.getByTestId('factor-begin-password'), 'fel{Enter}');
  expect(
    await screen.findByText('Det nuvarande lösenordet stämmer inte.', { exact: false }),
  ).toBeVisible();
  await user.clear(screen.getByTestId('factor-begin-password'));
  await user.type(screen.getByTestId('factor-begin-password'), `${core.password}{Enter}`);
  expect(await screen.findByRole('img', { name: /Bild för kodappen/ })).toBeVisible();
  expect(screen.getByTestId('factor-key')).toHaveTextContent('ABCD EFGH');
  expect(await axeViolations(container)).toEqual([]);
  await user.type(screen.getByTestId('factor-code'), '12{Enter}');
  expect(await screen.findByText('Skriv de 6 siffrorna som kodappen visar.')).toBeVisible();
  await user.clear(screen.getByTestId('factor-code'));
  await user.type(screen.getByTestId('factor-code'), '000000{Enter}');
  expect(await screen.findByText(/Koden stämmer inte, eller är redan använd/)).toBeVisible();
  await user.clear(screen.getByTestId('factor-code'));
  await user.type(screen.getByTestId('factor-code'), `123 456{Enter}`);
  expect(await screen.findByText(/Kodappen är kopplad/)).toBeVisible();
  expect(screen.getByTestId('factor')).toHaveTextContent('från din kodapp');
  expect(screen.queryByTestId('factor-key')).toBeNull();

  await user.click(screen.getByTestId('factor-change'));
  await user.type(screen.getByTestId('factor-remove-password'), core.password);
  await user.click(screen.getByTestId('factor-remove'));
  expect(screen.getByTestId('factor-remove-code')).toHaveFocus();
  await user.type(screen.getByTestId('factor-remove-code'), `${SMS_CODE}{Enter}`);
  expect(await screen.findByText(/Kodappen är borttagen/)).toBeVisible();
  expect(screen.getByTestId('factor')).toHaveTextContent(/kommer med sms/);
});

test('ten recovery codes are shown once, can be saved, and the page says how many are left', async () => {
  const { user, core, container } = await openAccount();
  expect(screen.getByTestId('recovery-left')).toHaveTextContent('Du har inga återställningskoder.');
  await user.click(screen.getByTestId('recovery-open'));
  await user.type(screen.getByTestId('recovery-make-password'), `${core.password}{Enter}`);
  const list = await screen.findByTestId('recovery-codes');
  expect(within(list).getAllByRole('listitem')).toHaveLength(10);
  expect(await axeViolations(container)).toEqual([]);
  await user.click(screen.getByTestId('recovery-save'));
  expect(await screen.findByText('Koderna är sparade.')).toBeVisible();
  const [saved] = core.callsOf('account.recovery_save') as Array<{ text: string }>;
  expect(saved?.text).toContain(RECOVERY_CODE);
  await user.click(screen.getByTestId('recovery-done'));
  expect(screen.queryByTestId('recovery-codes')).toBeNull();
  expect(await screen.findByText('Du har 10 koder kvar.')).toBeVisible();
  await user.click(screen.getByTestId('recovery-open'));
  expect(await screen.findByText(/slutar gälla/)).toBeVisible();
});

test('recovery codes that nobody has kept are not left without a question', async () => {
  const { user, core } = await openAccount();
  await user.click(screen.getByTestId('recovery-open'));
  await user.type(screen.getByTestId('recovery-make-password'), `${core.password}{Enter}`);
  await screen.findByTestId('recovery-codes');
  await user.click(screen.getByTestId('nav-cases'));
  const question = await screen.findByRole('alertdialog', { name: 'Har du sparat koderna?' });
  expect(await axeViolations(question)).toEqual([]);
  await user.keyboard('{Escape}');
  expect(screen.getByTestId('recovery-codes')).toBeVisible();
  await user.click(screen.getByTestId('lock'));
  expect(await screen.findByRole('alertdialog')).toBeVisible();
  expect(core.callsOf('session.lock')).toEqual([]);
  await user.keyboard('{Enter}');
  expect(screen.getByTestId('recovery-codes')).toBeVisible();
  await user.click(screen.getByTestId('recovery-save'));
  await screen.findByText('Koderna är sparade.');
  await user.click(screen.getByTestId('nav-cases'));
  expect(await screen.findAllByTestId('case')).not.toEqual([]);
  expect(screen.queryByRole('alertdialog')).toBeNull();
});

test('signing in asks for the factor that the person has, and takes a recovery code', async () => {
  const core = new FakeCore();
  core.session = { state: 'code_needed', phone: '•••• 05', factor: 'totp' };
  core.account = { ...core.account, totp: true };
  const { user, container } = await showWindow(core);
  expect(await screen.findByText(/Öppna din kodapp/)).toBeVisible();
  expect(screen.queryByTestId('new-code')).toBeNull();
  await user.click(screen.getByTestId('recovery-code'));
  expect(screen.getByLabelText('Återställningskod')).toHaveFocus();
  await user.type(screen.getByTestId('code'), '123456{Enter}');
  expect(await screen.findByText(/alla 16 tecknen/)).toBeVisible();
  expect(await axeViolations(container)).toEqual([]);
  await user.clear(screen.getByTestId('code'));
  await user.type(screen.getByTestId('code'), `${RECOVERY_CODE}{Enter}`);
  expect(await screen.findByTestId('nav-cases')).toBeVisible();
  expect(core.callsOf('session.code')).toEqual([{ code: 'AAAABBBBCCCCDDDD' }]);
});
