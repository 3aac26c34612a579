import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openCase, showWindow } from '../../testing/show';

const CASE = 'F-gas, kategori I';

async function show(prepare: (core: FakeCore) => void = () => undefined) {
  const core = new FakeCore();
  core.documents.addRow('case-1', { id: 'Betyg' });
  core.documents.addRow('case-1', { id: 'Intyg' });
  const add = core.documents.addDocument.bind(core.documents, 'case-1');
  add('Betyg', { name: 'ånga.pdf', bytes: 20_000, at: '2026-11-01T09:00:00Z', here: true });
  add('Intyg', { name: 'intyg.pdf', bytes: 10_000, at: '2026-11-03T09:00:00Z', here: false });
  add('Betyg', { name: 'betyg.pdf', bytes: 30_000, at: '2026-11-02T09:00:00Z' });
  prepare(core);
  const shown = await showWindow(core);
  await openCase(shown.user, CASE);
  await shown.user.click(screen.getByTestId('tab-archive'));
  const archive = await screen.findByTestId('archive');
  return { core, archive, ...shown };
}

function names(): string[] {
  return screen
    .queryAllByTestId('archive-row')
    .map((row) => within(row).getAllByRole('cell')[0]?.textContent ?? '');
}

/** Covers KW-51 */
test('every received document has a row, the latest first, with what it is and where it stands', async () => {
  const { archive } = await show();
  await waitFor(() => expect(names()).toEqual(['intyg.pdf', 'betyg.pdf', 'ånga.pdf']));
  const table = within(archive).getByRole('table', { name: 'Arkiv' });
  expect(table).toHaveAttribute('aria-rowcount', '4');
  expect(screen.getAllByTestId('archive-row')[0]).toHaveTextContent(
    '2026-11-0310 kBVäntar på granskning',
  );
  expect(within(archive).getByRole('status')).toHaveTextContent('3 dokument');
  expect(await axeViolations(archive)).toEqual([]);
});

/** Covers KW-54 */
test('an underlined heading sorts, and once more the other way', async () => {
  const { core, user } = await show();
  const heading = screen.getByRole('columnheader', { name: 'Storlek' });
  expect(screen.getByRole('columnheader', { name: 'Mottaget' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await user.click(screen.getByTestId('sort-size'));
  await waitFor(() => expect(names()).toEqual(['intyg.pdf', 'ånga.pdf', 'betyg.pdf']));
  expect(heading).toHaveAttribute('aria-sort', 'ascending');
  expect(screen.getByTestId('sort-size')).toHaveFocus();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(names()).toEqual(['betyg.pdf', 'ånga.pdf', 'intyg.pdf']));
  expect(heading).toHaveAttribute('aria-sort', 'descending');
  const asked = core.callsOf('archive.list').at(-1);
  expect(asked).toEqual({
    case: 'case-1',
    by: 'size',
    descending: true,
    only: null,
    language: 'sv',
    from: 0,
    limit: 200,
  });
});

/** Covers KW-55, KW-56 */
test('a type narrows the list, and both the button and the tab pressed again lift it', async () => {
  const { user } = await show();
  await user.selectOptions(screen.getByLabelText('Dokumenttyp som ska visas'), 'Intyg');
  await waitFor(() => expect(names()).toEqual(['intyg.pdf']));
  await user.click(screen.getByRole('button', { name: 'Visa alla' }));
  await waitFor(() => expect(names()).toHaveLength(3));
  await user.selectOptions(screen.getByTestId('archive-filter'), 'Betyg');
  await user.click(screen.getByTestId('sort-name'));
  await waitFor(() => expect(names()).toEqual(['betyg.pdf', 'ånga.pdf']));
  await user.click(screen.getByTestId('tab-archive'));
  await waitFor(() => expect(names()).toEqual(['intyg.pdf', 'betyg.pdf', 'ånga.pdf']));
  expect(screen.getByTestId('archive-filter')).toHaveValue('');
});

/** Covers KW-51 */
test('a document is opened, saved, and kept for when there is no line', async () => {
  const { core, archive, user } = await show();
  await user.click(await screen.findByRole('button', { name: 'Behåll intyg.pdf offline' }));
  await waitFor(() => expect(core.callsOf('archive.keep')).toEqual([{ document: 'document-2' }]));
  await waitFor(() =>
    expect(screen.queryByRole('button', { name: 'Behåll intyg.pdf offline' })).toBeNull(),
  );
  await user.click(within(archive).getByRole('button', { name: 'Öppna intyg.pdf' }));
  await user.click(await screen.findByTestId('confirm-open'));
  expect(core.callsOf('documents.open')).toEqual([{ document: 'document-2' }]);
  const saves = within(archive).getAllByTestId('save-document');
  saves[0]?.focus();
  await user.keyboard('{ArrowDown}');
  expect(saves[1]).toHaveFocus();
});

test('of thousands of documents only those near the eye are drawn, and asked for', async () => {
  const { core } = await show((core) => {
    for (let n = 0; n < 5_000; n += 1) {
      core.documents.addDocument('case-1', 'Intyg', { name: `intyg ${n}.pdf` });
    }
  });
  await waitFor(() => expect(names().length).toBeGreaterThan(3));
  expect(names().length).toBeLessThan(200);
  expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '5004');
  expect(core.callsOf('archive.list').map(({ from }) => from)).toEqual([0]);
});
