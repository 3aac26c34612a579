import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

async function openSettings(core: FakeCore) {
  const shown = await showWindow(core);
  await shown.user.click(await screen.findByTestId('nav-settings'));
  await screen.findByTestId('settings-kept');
  return shown;
}

test('how it looks is chosen and remembered on this computer', async () => {
  const { user, container } = await openSettings(new FakeCore());
  expect(await axeViolations(container)).toEqual([]);
  await user.selectOptions(screen.getByTestId('settings-theme'), 'dark');
  expect(document.documentElement.dataset.theme).toBe('dark');
  await user.selectOptions(screen.getByTestId('settings-text-size'), 'large');
  expect(document.documentElement.dataset.text).toBe('large');
  expect(localStorage.getItem('behorig.text-size')).toBe('large');
  await user.selectOptions(screen.getByTestId('settings-text-size'), 'normal');
  expect(document.documentElement.dataset.text).toBeUndefined();
  await user.selectOptions(screen.getByTestId('settings-language'), 'en');
  expect(screen.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});

test('when it locks is chosen, and the core keeps it', async () => {
  const core = new FakeCore();
  const { user } = await openSettings(core);
  expect(screen.getByTestId('settings-lock-after')).toHaveValue('15');
  await user.selectOptions(screen.getByTestId('settings-lock-after'), '5');
  await waitFor(() => expect(screen.getByTestId('settings-lock-after')).toHaveValue('5'));
  expect(core.callsOf('settings.lock_after')).toEqual([{ minutes: 5 }]);
});

test('documents kept for reading are let go, and it says so', async () => {
  const { user } = await openSettings(new FakeCore());
  expect(screen.getByTestId('settings-kept')).toHaveTextContent('2 dokument, 900 kB');
  await user.click(screen.getByTestId('settings-clear'));
  expect(await screen.findByText(/De finns kvar hos servern/)).toBeVisible();
  await waitFor(() => expect(screen.getByTestId('settings-clear')).toBeDisabled());
});

test('everything is taken home, with what is missing by its name', async () => {
  const core = new FakeCore();
  core.exported = { saved: true, cases: 2, files: 3, missing: ['betyg.pdf'] };
  const { user } = await openSettings(core);
  await user.click(screen.getByTestId('export-start'));
  expect(await screen.findByTestId('export-done')).toHaveTextContent('2 ärenden och 3 dokument');
  expect(screen.getByText(/kunde inte hämtas: betyg\.pdf/)).toBeVisible();
});

test('an export that is running tells how far it is and can be given up', async () => {
  const core = new FakeCore();
  core.exporting = { done: 3, total: 10 };
  const { user } = await openSettings(core);
  expect(await screen.findByText('3 av 10 dokument är klara')).toBeVisible();
  await user.click(screen.getByTestId('export-cancel'));
  expect(core.callsOf('export.cancel')).toHaveLength(1);
});

test('PIN and account are a press away', async () => {
  const { user } = await openSettings(new FakeCore());
  await user.click(screen.getByTestId('settings-change-word'));
  expect(await screen.findByTestId('new-passphrase')).toBeVisible();
  await user.keyboard('{Escape}');
  const [, onThePage] = screen.getAllByRole('button', { name: 'Konto' });
  await user.click(onThePage as HTMLElement);
  expect(await screen.findByTestId('current-password')).toBeVisible();
});
