import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeCore } from '../testing/fake-core';
import { showWindow } from '../testing/show';
import { BURST_MS } from './use-notices';

let focused = false;

beforeEach(() => {
  focused = false;
  vi.spyOn(document, 'hasFocus').mockImplementation(() => focused);
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function showCases(core: FakeCore): Promise<void> {
  await showWindow(core);
  await screen.findByTestId('overview');
}

function arrive(core: FakeCore, caseId: string, text: string): Promise<void> {
  core.addMessage(caseId, { text, unread: true });
  return act(async () => core.announce('messages', 'cases'));
}

const pause = (ms: number) => act(() => new Promise((resolve) => setTimeout(resolve, ms)));

test('a new message is told outside the window: in which case, and never what it says', async () => {
  const core = new FakeCore();
  await showCases(core);
  await arrive(core, 'case-1', 'hemligt innehåll');
  await arrive(core, 'case-1', 'mer hemligt');
  await waitFor(() =>
    expect(core.callsOf('shell.notify')).toEqual([
      { title: 'Behörig', body: 'Det finns något nytt i ärendet F-gas, kategori I.' },
    ]),
  );
});

test('what comes to several cases at once is told once', async () => {
  const core = new FakeCore();
  await showCases(core);
  await arrive(core, 'case-1', 'ett');
  await arrive(core, 'case-2', 'två');
  await waitFor(() =>
    expect(core.callsOf('shell.notify')).toEqual([
      { title: 'Behörig', body: 'Det finns något nytt i 2 ärenden.' },
    ]),
  );
});

test('a decision about a document is told', async () => {
  const core = new FakeCore();
  core.documents.addRow('case-1', { id: 'Betyg' });
  const { id } = core.documents.addDocument('case-1', 'Betyg');
  await showCases(core);
  core.documents.change(id, { handling: 'refused', handled_why: 'hemligt' });
  await act(async () => core.announce('documents', 'cases'));
  await waitFor(() => expect(core.callsOf('shell.notify')).toHaveLength(1));
});

test('nothing is told at the start, nor while somebody looks at the window', async () => {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'gammalt', unread: true });
  await showCases(core);
  focused = true;
  await arrive(core, 'case-1', 'nytt');
  await pause(BURST_MS + 300);
  expect(core.callsOf('shell.notify')).toEqual([]);
});

test('who wants no names in notifications gets none, and who wants none at all neither', async () => {
  const core = new FakeCore();
  localStorage.setItem('behorig.notices', 'plain');
  await showCases(core);
  await arrive(core, 'case-1', 'nytt');
  await waitFor(() =>
    expect(core.callsOf('shell.notify')).toEqual([
      { title: 'Behörig', body: 'Det finns något nytt i 1 ärende.' },
    ]),
  );
  localStorage.setItem('behorig.notices', 'off');
  await arrive(core, 'case-1', 'mer');
  await pause(BURST_MS + 300);
  expect(core.callsOf('shell.notify')).toHaveLength(1);
});
