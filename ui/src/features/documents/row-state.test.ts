import { expect, test } from 'vitest';
import type { DocumentView, RowView } from '../../generated/rpc';
import { standOf, tally } from './row-state';

function sent(at: string, part: Partial<DocumentView>): DocumentView {
  return {
    at,
    state: 'received',
    handling: 'waiting',
    handling_state: null,
    ...part,
  } as DocumentView;
}

/** A row that the certification does not need, in which the officer has asked for something. */
function asked(awaited: boolean, ...documents: DocumentView[]): RowView {
  return {
    required: false,
    state: awaited ? 'open' : 'submitted',
    awaited,
    asked: { by: 'Göran', at: '2026-11-20T08:00:00Z', text: 'Skicka kursplanen.' },
    taken: null,
    documents,
    explanations: [],
  } as unknown as RowView;
}

// Covers KW-39
test('what was asked for stands as asked for, and then as what came for it stands', () => {
  const before = sent('2026-11-19T08:00:00Z', { handling: 'refused' });
  const since = (part: Partial<DocumentView>) => sent('2026-11-21T08:00:00Z', part);
  expect(standOf(asked(true))).toBe('asked');
  expect(standOf(asked(true, before))).toBe('asked');
  expect(standOf(asked(false, since({ state: 'queued' }), before))).toBe('leaving');
  expect(standOf(asked(false, since({})))).toBe('waiting');
  const refused = since({ handling: 'refused' });
  expect(standOf(asked(true, { ...refused, handling_state: 'queued' }))).toBe('deciding');
  expect(standOf(asked(true, refused, before))).toBe('again');
  expect(tally([asked(true, refused)])).toMatchObject({ needed: 1, settled: 0 });
  expect(tally([asked(false, since({}))])).toMatchObject({ needed: 1, settled: 1 });
});
