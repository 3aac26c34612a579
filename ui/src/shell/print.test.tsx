import { act, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { FakeCore } from '../testing/fake-core';
import { findCases, openCase, showWindow } from '../testing/show';

afterEach(() => vi.restoreAllMocks());

test('the page is printed by its button, by Ctrl+P and from the palette', async () => {
  const print = vi.fn();
  vi.stubGlobal('print', print);
  const { user } = await showWindow(new FakeCore());
  await user.click(await screen.findByTestId('print'));
  expect(print).toHaveBeenCalledTimes(1);
  await user.keyboard('{Control>}p{/Control}');
  expect(print).toHaveBeenCalledTimes(2);
  await user.keyboard('{Control>}k{/Control}');
  await user.type(await screen.findByTestId('palette-input'), 'skriv ut{Enter}');
  await vi.waitFor(() => expect(print).toHaveBeenCalledTimes(3));
  expect(screen.queryByTestId('palette-input')).toBeNull();
});

test('the foot says when, and of which case', async () => {
  const { user, container } = await showWindow(new FakeCore());
  await openCase(user, 'F-gas, kategori I');
  expect(container).toHaveTextContent(/F-gas, kategori I, SE-24-10482 · Utskrivet \d+ \w+ \d{4}/);
  await user.click(screen.getByTestId('nav-outbox'));
  expect(container).not.toHaveTextContent(/SE-24-10482 · Utskrivet/);
});

test('all of a long list is put on paper, and less of it back on the screen', async () => {
  const core = new FakeCore();
  const [base] = core.cases;
  core.cases = Array.from({ length: 90 }, (_, n) => ({ ...base, id: `case-${n}` }) as never);
  await showWindow(core);
  const before = (await findCases()).length;
  expect(before).toBeLessThan(40);
  await act(async () => window.dispatchEvent(new Event('beforeprint')));
  expect(screen.getAllByTestId('case')).toHaveLength(90);
  await act(async () => window.dispatchEvent(new Event('afterprint')));
  expect(screen.getAllByTestId('case').length).toBe(before);
});
