import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CaseView } from '../../generated/rpc';
import { FakeCore, LOCKED, PIN } from '../../testing/fake-core';
import { axeViolations, findCases, showWindow } from '../../testing/show';

/** An officer's computer, with so many cases. */
function officerWith(count: number): FakeCore {
  const core = new FakeCore();
  const [base] = core.cases as [CaseView];
  core.cases = Array.from({ length: count }, (_, index) => ({
    ...base,
    id: `case-${index}`,
    title: index === 700 ? 'Sakkunnig brandskydd' : 'F-gas, kategori I',
    number: `SE-26-${index}`,
    mine_to_handle: true,
  }));
  return core;
}

function selected(): string[] {
  return screen
    .getAllByTestId('case')
    .filter((row) => row.getAttribute('aria-selected') === 'true')
    .map((row) => row.textContent ?? '');
}

test('of thousands of cases only those near the eye are in the page', async () => {
  const { container } = await showWindow(officerWith(3_000));
  const rows = await findCases();
  expect(rows.length).toBeLessThan(30);
  expect(rows[0]).toHaveAttribute('aria-posinset', '1');
  expect(rows[0]).toHaveAttribute('aria-setsize', '3000');
  expect(within(screen.getByRole('listbox', { name: 'Ärenden' })).getAllByRole('option')).toEqual(
    rows,
  );
  expect(await axeViolations(container)).toEqual([]);
});

test('the list says in which cases something is unfinished here', async () => {
  const core = new FakeCore();
  const [base] = core.cases as [CaseView];
  core.cases = [
    { ...base, id: 'one', drafts: 2, unsent_files: 1 },
    { ...base, id: 'two' },
  ];
  await showWindow(core);
  const [one, two] = (await findCases()) as [HTMLElement, HTMLElement];
  expect(one).toHaveTextContent(/2 utkast.*Ej skickat/);
  expect(two).not.toHaveTextContent(/utkast|Ej skickat/);
});

test('the holder sees in the list that a document awaits completion, and the officer does not', async () => {
  const core = new FakeCore();
  const [base] = core.cases as [CaseView];
  core.cases = [
    { ...base, id: 'one', documents_refused: 2 },
    { ...base, id: 'two', documents_refused: 2, mine_to_handle: true },
  ];
  await showWindow(core);
  const [mine, handled] = (await findCases()) as [HTMLElement, HTMLElement];
  expect(mine).toHaveTextContent('2 att komplettera');
  expect(handled).not.toHaveTextContent('komplettera');
});

test('a list that is not long is in the page whole, once what is seen has been drawn', async () => {
  await showWindow(officerWith(35));
  expect((await findCases()).length).toBeLessThan(20);
  await waitFor(() => expect(screen.getAllByTestId('case')).toHaveLength(35));
});

test('the keys reach every case, and the detail follows', async () => {
  const { user } = await showWindow(officerWith(1_000));
  const [first] = await findCases();
  await user.click(first as HTMLElement);
  await user.keyboard('{ArrowDown}');
  expect(document.activeElement).toHaveTextContent('SE-26-1');
  expect(selected()).toEqual([document.activeElement?.textContent]);
  await user.keyboard('{End}');
  expect(document.activeElement).toHaveAttribute('aria-posinset', '1000');
  expect(await screen.findByText('SE-26-999', { selector: 'dd' })).toBeVisible();
  await user.keyboard('{ArrowDown}{ArrowUp}');
  expect(document.activeElement).toHaveAttribute('aria-posinset', '999');
  await user.keyboard('{Home}{ArrowUp}');
  expect(document.activeElement).toHaveAttribute('aria-posinset', '1');
  await user.keyboard('{PageDown}');
  expect(Number(document.activeElement?.getAttribute('aria-posinset'))).toBeGreaterThan(4);
  await user.keyboard('sak');
  expect(document.activeElement).toHaveAttribute('aria-posinset', '701');
  expect(selected()).toHaveLength(1);
});

test('Tab reaches the list once, and comes back to where it was', async () => {
  const { user } = await showWindow(officerWith(50));
  await user.click((await findCases())[2] as HTMLElement);
  await user.tab({ shift: true });
  expect(document.activeElement).not.toHaveAttribute('role', 'option');
  await user.tab();
  expect(document.activeElement).toHaveAttribute('aria-posinset', '3');
});

test('the chosen case is in the page after a visit elsewhere, however far down it is', async () => {
  const { user } = await showWindow(officerWith(1_000));
  await user.click((await findCases())[0] as HTMLElement);
  await user.keyboard('{End}');
  await user.click(screen.getByTestId('nav-outbox'));
  await user.click(screen.getByTestId('nav-cases'));
  const rows = await findCases();
  expect(rows.at(-1)).toHaveAttribute('aria-posinset', '1000');
  expect(rows.at(-1)).toHaveAttribute('aria-selected', 'true');
});

test('the cases are the first that is asked for when the program is unlocked', async () => {
  const core = officerWith(2);
  core.session = LOCKED;
  const { user } = await showWindow(core);
  await user.type(await screen.findByTestId('passphrase'), `${PIN}{Enter}`);
  expect(await findCases()).toHaveLength(2);
  const order = core.calls.map((call) => call.method);
  expect(order.indexOf('cases.list')).toBeLessThan(order.indexOf('sync.state'));
});
