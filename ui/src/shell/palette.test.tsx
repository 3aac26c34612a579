import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../testing/fake-core';
import { showWindow } from '../testing/show';

async function open() {
  const core = new FakeCore();
  const shown = await showWindow(core);
  await screen.findByTestId('overview');
  await shown.user.keyboard('{Control>}k{/Control}');
  await screen.findByTestId('palette-input');
  return { core, ...shown };
}

test('a few letters find a case, marks or not, and Enter opens it', async () => {
  const { user } = await open();
  expect(screen.getByTestId('palette-input')).toHaveFocus();
  await user.keyboard('brandsk 03311');
  const options = screen.getAllByTestId('palette-option');
  expect(options).toHaveLength(1);
  await user.keyboard('{Enter}');
  expect(screen.queryByTestId('palette-input')).toBeNull();
  expect(
    await screen.findByRole('heading', { level: 1, name: 'Sakkunnig brandskydd' }),
  ).toBeVisible();
});

test('the arrows reach every command, and Escape leaves', async () => {
  const { user } = await open();
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
  const current = screen.getByRole('option', { selected: true });
  expect(current).toHaveTextContent('Utkorg');
  expect(screen.getByTestId('palette-input')).toHaveAttribute('aria-activedescendant', current.id);
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('heading', { level: 1, name: 'Utkorg' })).toBeVisible();
  await user.click(screen.getByTestId('palette'));
  await user.type(await screen.findByTestId('palette-input'), 'finns inte');
  expect(screen.getByText(/^Inget passar/)).toBeVisible();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByTestId('palette-input')).toBeNull());
});

test('the program is locked from the keyboard', async () => {
  const { core, user } = await open();
  await user.keyboard('las programmet{Enter}');
  await waitFor(() => expect(core.callsOf('session.lock')).toHaveLength(1));
});
