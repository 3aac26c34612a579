import { expect, test } from 'vitest';
import { Extents } from './extents';

function extents(count: number): Extents {
  const made = new Extents(100);
  made.setKeys(Array.from({ length: count }, (_, index) => `row-${index}`));
  return made;
}

test('rows that were never drawn count with the estimate', () => {
  const rows = extents(100_000);
  expect(rows.top(100_000)).toBe(10_000_000);
  expect(rows.between(4_950, 5_250)).toEqual([49, 53]);
});

test('a measured row moves all that is below it', () => {
  const rows = extents(10);
  expect(rows.measured('row-2', 340)).toBe(240);
  expect(rows.measured('row-2', 340)).toBe(0);
  expect([rows.top(2), rows.top(3), rows.top(10)]).toEqual([200, 540, 1_240]);
  expect(rows.between(300, 539)).toEqual([2, 3]);
});

test('a height follows its row when the order changes', () => {
  const rows = extents(3);
  rows.measured('row-2', 50);
  rows.setKeys(['row-2', 'row-0', 'row-1']);
  expect([rows.top(1), rows.top(3)]).toEqual([50, 250]);
});

test('past the end there is nothing', () => {
  const rows = extents(3);
  expect(rows.between(5_000, 6_000)).toEqual([3, 3]);
  expect(extents(0).between(0, 500)).toEqual([0, 0]);
});
