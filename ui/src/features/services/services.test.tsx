import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { showWindow } from '../../testing/show';

test('the service tells what to read first, what is new, and where help is, without a line', async () => {
  const core = new FakeCore();
  core.setLine('offline');
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-services'));
  await screen.findByRole('heading', { level: 1, name: 'Personcertifiering' });
  // what the body writes is text, whatever it looks like
  expect(screen.getByText('<b>Läs</b> det här först.')).toBeVisible();
  expect(screen.getByText('Andra stycket.')).toBeVisible();
  expect(screen.getByTestId('support')).toHaveTextContent('support@issuer.example');
  expect(screen.getByTestId('support')).toHaveTextContent('010-516 63 03');
  expect(screen.getByTestId('to-quote')).toHaveTextContent('0.1.0');
  expect(screen.getByTestId('to-quote')).toHaveTextContent('22 november 2026');
});

test('feedback is seen whole before the mail program has it, and sends no name or number along', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-services'));
  await user.click(await screen.findByTestId('feedback'));
  const field = await screen.findByTestId<HTMLTextAreaElement>('feedback-text');
  expect(field.value).toMatch(/Version 0\.1\.0\. Väntar på att skickas: 0\./);
  expect(field.value).not.toMatch(/Lindqvist|SE-24/);
  await user.type(field, 'Bra', { initialSelectionStart: 0, initialSelectionEnd: 0 });
  await user.click(screen.getByTestId('feedback-mail'));
  expect(core.callsOf('services.feedback')).toEqual([
    {
      to: 'support@issuer.example',
      subject: 'Återkoppling på Behörig',
      text: expect.stringMatching(/^Bra\n\nVersion/),
    },
  ]);
  // no mail program may have come: it is all still here
  expect(field.value).toMatch(/^Bra\n\nVersion/);
  expect(screen.getByText(/Texten finns kvar här/)).toBeVisible();
});

test('feedback is kept when the dialog is closed, until the person starts over', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-services'));
  await user.click(await screen.findByTestId('feedback'));
  const field = await screen.findByTestId<HTMLTextAreaElement>('feedback-text');
  expect(screen.queryByTestId('feedback-restart')).toBeNull();
  await user.type(field, 'Bra', { initialSelectionStart: 0, initialSelectionEnd: 0 });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(core.services.services[0]?.feedback).toMatch(/^Bra\n\nVersion/));
  expect(await screen.findByText('Fortsätt på återkopplingen')).toBeVisible();
  await user.click(screen.getByTestId('feedback'));
  expect(await screen.findByTestId<HTMLTextAreaElement>('feedback-text')).toHaveValue(
    core.services.services[0]?.feedback,
  );
  await user.click(screen.getByTestId('feedback-restart'));
  await waitFor(() => expect(core.services.services[0]?.feedback).toBe(''));
  await user.click(screen.getByTestId('feedback'));
  const empty = await screen.findByTestId<HTMLTextAreaElement>('feedback-text');
  expect(empty.value).toMatch(/^\n\nVersion/);
});
