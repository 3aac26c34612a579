import { act, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CaseView, QueuedCase } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { showWindow } from '../../testing/show';

function waiting(number: string, holder: string): QueuedCase {
  return {
    id: `queue-${number}`,
    body: null,
    number,
    title: 'F-gas, kategori I',
    holder,
    officer: null,
    officer_name: null,
    stage: 'application',
    opened_at: '2026-11-20T08:00:00Z',
    here: false,
  };
}

function officer(): FakeCore {
  const core = new FakeCore();
  core.session = { ...core.session, staff: true } as typeof core.session;
  core.work.queue = [waiting('2026-1', 'Björn Östlund'), waiting('2026-2', '<b>Örjan</b> 🙂')];
  return core;
}

async function showQueue(core: FakeCore) {
  const shown = await showWindow(core);
  await shown.user.click(await screen.findByTestId('nav-queue'));
  await screen.findByRole('heading', { level: 1, name: 'Ärendekö' });
  return shown;
}

test('only who handles cases has a queue', async () => {
  await showWindow(new FakeCore());
  await screen.findByTestId('nav-cases');
  expect(screen.queryByTestId('nav-queue')).toBeNull();
});

test('the queue shows what waits, and a case that is taken says that it is on its way', async () => {
  const core = officer();
  const { user } = await showQueue(core);
  const [first, second] = await screen.findAllByTestId('queue-row');
  expect(second).toHaveTextContent('<b>Örjan</b> 🙂');
  expect(screen.getByTestId('queue-total')).toHaveTextContent('2 ärenden');
  await user.click(
    within(first as HTMLElement).getByRole('button', {
      name: 'Ta ärendet 2026-1, Björn Östlund',
    }),
  );
  expect(core.callsOf('cases.assign')).toEqual([{ case: 'queue-2026-1', from: null, to: 'me' }]);
  expect(await within(first as HTMLElement).findByText('Väntar på att skickas')).toBeVisible();
  expect(within(first as HTMLElement).queryByTestId('queue-take')).toBeNull();
});

test('a case that has just been taken says who has it, whatever the last answer said', async () => {
  const core = officer();
  await showQueue(core);
  const [first] = await screen.findAllByTestId('queue-row');
  expect(first).toHaveTextContent('Väntar på handläggare');
  const [known] = core.cases;
  core.cases = [
    ...core.cases,
    { ...(known as CaseView), id: 'queue-2026-1', officer: 'Göran Hägglund', mine_to_handle: true },
  ];
  act(() => core.announce('cases'));
  expect(await within(first as HTMLElement).findByText('Behandlas')).toBeVisible();
  expect(first).toHaveTextContent('Göran Hägglund');
  expect(first).not.toHaveTextContent('Väntar på handläggare');
});

test('a search says what was asked and why, and an empty answer what to do', async () => {
  const core = officer();
  const { user } = await showQueue(core);
  await screen.findAllByTestId('queue-row');
  await user.selectOptions(screen.getByTestId('queue-purpose'), 'question');
  await user.selectOptions(screen.getByTestId('queue-who'), 'anybody');
  await user.type(screen.getByTestId('queue-search'), 'Ingen{Enter}');
  expect(await screen.findByText('Inga ärenden passar')).toBeVisible();
  expect(core.work.searches.at(-1)).toMatchObject({
    purpose: 'question',
    handled_by: 'anybody',
    text: 'Ingen',
  });
});

test('without a line the queue says so, and what to do', async () => {
  const core = officer();
  core.failOn('queue.search', 'offline');
  const { user } = await showQueue(core);
  expect(await screen.findByText(/^Kön finns hos servern/)).toBeVisible();
  core.failOn('queue.search', null);
  await user.click(screen.getByRole('button', { name: 'Försök nu' }));
  expect(await screen.findAllByTestId('queue-row')).toHaveLength(2);
});
