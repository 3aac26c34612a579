import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CaseRef } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

const F_GAS: CaseRef = {
  id: 'case-1',
  title: 'F-gas, kategori I',
  number: 'SE-24-10482',
  holder: null,
};

function coreWithNeeds(): FakeCore {
  const core = new FakeCore();
  core.documents.addRow('case-1', { id: 'Betyg' });
  core.overview = {
    needs: [
      {
        kind: 'awaited_again',
        count: 1,
        valid_to: null,
        case: F_GAS,
        place: { at: 'documents', row: null },
      },
      { kind: 'draft', count: 1, valid_to: null, case: null, place: { at: 'application' } },
    ],
    news: [
      {
        kind: 'document_refused',
        happening: null,
        params: { name: 'betyg.pdf' },
        by: 'Göran Hägglund',
        at: '2026-11-22T12:00:00Z',
        case: F_GAS,
        place: { at: 'documents', row: 'Betyg' },
      },
    ],
    queued: 2,
    sent: 0,
    stuck: 0,
    refused: 1,
  };
  return core;
}

test('who has several cases sees first what waits, what is new and what has not gone', async () => {
  const { container } = await showWindow(coreWithNeeds());
  expect(await screen.findByRole('heading', { level: 1, name: 'Översikt' })).toHaveFocus();
  const lines = await screen.findAllByTestId('overview-line');
  expect(lines.map((line) => line.textContent)).toEqual([
    '1 intyg behöver kompletterasF-gas, kategori I · SE-24-10482',
    'Påbörjad ansökan',
    expect.stringMatching(/^betyg\.pdf är inte godkänt.*SE-24-10482.*Göran Hägglund$/),
    '1 nekades',
    '2 väntar på att skickas',
  ]);
  expect(await axeViolations(container)).toEqual([]);
});

test('each line leads to its place, by keyboard', async () => {
  const { user } = await showWindow(coreWithNeeds());
  const [first] = await screen.findAllByTestId('overview-line');
  first?.focus();
  await user.keyboard('{Enter}');
  expect(await screen.findByTestId('row')).toBeVisible();
  expect(screen.getByTestId('tab-documents')).toHaveAttribute('aria-selected', 'true');
  await user.click(screen.getByTestId('nav-overview'));
  await user.click((await screen.findAllByTestId('overview-line'))[4] as HTMLElement);
  expect(await screen.findByRole('heading', { level: 1, name: 'Utkorg' })).toBeVisible();
});

test('the row that something is new about has the focus', async () => {
  const { user } = await showWindow(coreWithNeeds());
  await user.click((await screen.findAllByTestId('overview-line'))[2] as HTMLElement);
  await waitFor(() => expect(document.activeElement).toHaveTextContent('Betyg'));
});

test('what is new goes when it is marked as seen, and not before', async () => {
  const core = coreWithNeeds();
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('overview-seen'));
  expect(await screen.findByText('Inget nytt de senaste 30 dagarna.')).toBeVisible();
  expect(core.callsOf('overview.seen')).toEqual([{ up_to: '2026-11-22T12:00:00Z' }]);
});

test('an overview without anything is calm', async () => {
  await showWindow(new FakeCore());
  expect(await screen.findByText('Inget väntar på dig.')).toBeVisible();
  expect(screen.getByText('Allt du har skrivit är framme.')).toBeVisible();
});

test('who has one case is in it at once', async () => {
  const core = new FakeCore();
  core.cases = core.cases.slice(0, 1);
  await showWindow(core);
  expect(await screen.findByTestId('new-message')).toBeVisible();
  expect(screen.queryByTestId('overview')).toBeNull();
});

test('what comes to somebody who had nothing does not take them out of what they opened', async () => {
  const core = new FakeCore();
  const later = core.cases;
  core.cases = [];
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-outbox'));
  core.cases = later;
  core.announce('cases');
  expect(await screen.findByRole('heading', { level: 1, name: 'Utkorg' })).toBeVisible();
});
