import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { showWindow } from '../../testing/show';

test('the service tells what to read first, what is new, and where help is, without a line', async () => {
  const core = new FakeCore();
  core.setLine('offline');
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-services'));
  expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent('Personcertifiering');
  // what the body writes is text, whatever it looks like
  expect(screen.getByText('<b>Läs</b> det här först.')).toBeVisible();
  expect(screen.getByText('Andra stycket.')).toBeVisible();
  expect(screen.getByTestId('support')).toHaveTextContent('support@issuer.example');
  expect(screen.getByTestId('support')).toHaveTextContent('010-516 63 03');
  expect(screen.getByTestId('to-quote')).toHaveTextContent('0.1.0');
  expect(screen.getByTestId('to-quote')).toHaveTextContent('22 november 2026');
});
