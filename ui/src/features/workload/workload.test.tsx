import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

test('the workload stands in bars that say what they are, and in a table', async () => {
  const core = new FakeCore();
  core.session = { ...core.session, staff: true } as FakeCore['session'];
  core.workload = {
    at: '2026-11-22T13:00:00Z',
    rows: [
      { officer: null, mine: false, awaited: [3, 0, 0, 0], ready: [0, 0, 0, 0], oldest_days: 4 },
      {
        officer: 'Göran',
        mine: true,
        awaited: [1, 2, 0, 1],
        ready: [0, 1, 0, 0],
        oldest_days: 200,
      },
    ],
  };
  const { user, container } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-workload'));
  expect(await screen.findByTestId('workload-total')).toHaveTextContent(
    '8 ärenden är inte avgjorda',
  );
  const bar = 'Göran (du): 5. Klara att avgöra 1, Väntar på sökanden 4.';
  expect(screen.getByRole('img', { name: bar })).toBeVisible();
  const row = screen.getAllByTestId('workload-row')[1];
  const cells = within(row as HTMLElement).getAllByRole('cell');
  expect(cells.map((cell) => cell.textContent)).toEqual([
    '5',
    '1',
    '4',
    '1',
    '3',
    '0',
    '1',
    '200 dagar',
  ]);
  expect(await axeViolations(container)).toEqual([]);
});
