import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { NoteView } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openCase, showWindow } from '../../testing/show';

function note(id: string, mine: boolean): NoteView {
  return {
    id,
    mine,
    author: 'Maria',
    text: `Text ${id}`,
    at: '2026-11-20T08:00:00Z',
    changed_at: null,
    changes: 0,
    begun_from: 0,
    state: 'received',
    reason: null,
    draft: null,
  };
}

test('an officer writes a note, changes and removes their own, and reads those of others', async () => {
  const core = new FakeCore();
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  core.notes = { ...core.notes, notes: [note('a', true), note('b', false)] };
  const { user, container } = await showWindow(core);
  await openCase(user, 'F-gas, kategori I');
  await user.click(screen.getByTestId('tab-notes'));
  expect(await screen.findByTestId('notes')).toHaveTextContent('Sökanden får dem aldrig.');
  expect(screen.getAllByTestId('note')).toHaveLength(2);
  expect(screen.getAllByTestId('note-change')).toHaveLength(1);
  expect(await axeViolations(container)).toEqual([]);

  await user.click(screen.getByTestId('note-text-send'));
  expect(screen.getByText('Skriv något i anteckningen.')).toBeVisible();
  await user.type(screen.getByTestId('note-text'), 'Ring skolan');
  await waitFor(() => expect(core.notes.draft).toBe('Ring skolan'));
  await user.click(screen.getByTestId('note-text-send'));
  await waitFor(() =>
    expect(core.callsOf('notes.write')).toEqual([{ case: 'case-1', text: 'Ring skolan' }]),
  );
  await waitFor(() => expect(screen.getByTestId('note-text')).toHaveValue(''));

  await user.click(screen.getByTestId('note-change'));
  const field = await screen.findByTestId('note-change-text');
  expect(field).toHaveValue('Text a');
  await user.type(field, ', igen');
  await user.click(screen.getByTestId('note-change-text-send'));
  await waitFor(() =>
    expect(core.callsOf('notes.change')).toEqual([{ note: 'a', changes: 0, text: 'Text a, igen' }]),
  );
  await user.click(await screen.findByTestId('note-remove'));
  await user.click(await screen.findByTestId('confirm-remove-note'));
  await waitFor(() => expect(core.callsOf('notes.remove')).toEqual([{ note: 'a' }]));
});

test('what was changed at another computer meanwhile is read before it is written over', async () => {
  const core = new FakeCore();
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  const begun = { ...note('a', true), text: 'Från den andra datorn', changes: 1 };
  core.notes = { ...core.notes, notes: [{ ...begun, begun_from: 0, draft: 'Min ändring' }] };
  const { user, container } = await showWindow(core);
  await openCase(user, 'F-gas, kategori I');
  await user.click(screen.getByTestId('tab-notes'));
  expect(await screen.findByTestId('note-now')).toHaveTextContent('Från den andra datorn');
  expect(screen.getByTestId('note-change-text')).toHaveValue('Min ändring');
  expect(await axeViolations(container)).toEqual([]);

  await user.click(screen.getByTestId('note-read'));
  expect(screen.queryByTestId('note-now')).toBeNull();
  await user.click(screen.getByTestId('note-change-text-send'));
  await waitFor(() =>
    expect(core.callsOf('notes.change')).toEqual([{ note: 'a', changes: 1, text: 'Min ändring' }]),
  );
});
