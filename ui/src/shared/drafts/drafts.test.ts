import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RpcFault } from '../../platform';
import { type Content, Drafts, RETRY_AFTER_MS, SAVE_AFTER_MS, SAVE_AT_LATEST_MS } from './drafts';

function text(written: string): Content {
  return { text: written, type: '' };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

// Covers KW-45
test('a text is saved once, when the person has paused', async () => {
  const save = vi.fn(async (_content: Content) => {});
  const drafts = new Drafts();
  drafts.write('a', text('h'), save);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1);
  drafts.write('a', text('he'), save);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1);
  expect(save).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(save.mock.calls).toEqual([[text('he')]]);
  expect(drafts.get('a')?.status).toBe('saved');
});

// Covers KW-45
test('whoever types without a pause is saved all the same', async () => {
  const save = vi.fn(async (_content: Content) => {});
  const drafts = new Drafts();
  let typed = '';
  for (let passed = 0; passed < 3_000; passed += 60) {
    typed += 'x';
    drafts.write('a', text(typed), save);
    await vi.advanceTimersByTimeAsync(60);
  }
  const saved = save.mock.calls.at(-1)?.[0].text.length ?? 0;
  expect((typed.length - saved) * 60).toBeLessThanOrEqual(SAVE_AT_LATEST_MS);
  expect(save.mock.calls.length).toBeLessThan(6);
});

test('saves of one text never overtake each other', async () => {
  const ended: string[] = [];
  const waits: Record<string, number> = { slow: 1_000, fast: 1 };
  const drafts = new Drafts();
  const save = async (content: Content) => {
    await new Promise((resolve) => setTimeout(resolve, waits[content.text]));
    ended.push(content.text);
  };
  drafts.write('a', text('slow'), save);
  void drafts.flush('a');
  drafts.write('a', text('fast'), save);
  void drafts.flush('a');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ended).toEqual(['slow', 'fast']);
});

test('no save begins after a text has been settled for sending', async () => {
  const save = vi.fn(async (_content: Content) => {});
  const drafts = new Drafts();
  drafts.enter('a');
  drafts.write('a', text('hej'), save);
  await drafts.settle('a');
  drafts.done('a', 'hej');
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS * 2);
  expect(save).not.toHaveBeenCalled();
  expect(drafts.get('a')?.text).toBe('');
});

test.each(['flush', 'leave', 'flushAll'] as const)(
  'a text that is being sent is not saved by %s, unless it cannot be sent',
  async (act) => {
    const save = vi.fn(async (_content: Content) => {});
    const drafts = new Drafts();
    for (const key of ['sent', 'not sent']) {
      drafts.enter(key);
      drafts.write(key, text(key), save);
      await drafts.settle(key);
    }
    const ended = Promise.all(
      act === 'flushAll' ? [drafts.flushAll()] : [drafts[act]('sent'), drafts[act]('not sent')],
    );
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS * 2);
    expect(save).not.toHaveBeenCalled();
    drafts.done('sent', 'sent');
    drafts.write('not sent', text('not sent'), save);
    await ended;
    expect(save.mock.calls).toEqual([[text('not sent')]]);
    expect(drafts.unsaved()).toBeNull();
  },
);

test('what was written while a text was being sent stays', async () => {
  const drafts = new Drafts();
  const save = async () => {};
  drafts.write('a', text('hej'), save);
  drafts.write('a', text('hej igen'), save);
  drafts.done('a', 'hej');
  expect(drafts.get('a')?.text).toBe('hej igen');
});

test('a failed save is told, and tried again when everything is flushed', async () => {
  let full = true;
  const drafts = new Drafts();
  const save = async () => {
    if (full) {
      throw new RpcFault({ code: 'disk_full', params: {}, correlation_id: '' });
    }
  };
  drafts.write('a', text('hej'), save);
  expect(await drafts.flushAll()).toBe(false);
  expect(drafts.get('a')?.fault?.code).toBe('disk_full');
  full = false;
  expect(await drafts.flushAll()).toBe(true);
});

test('a saved text is forgotten when its field goes, so that the stored draft counts again', async () => {
  const drafts = new Drafts();
  const save = async () => {};
  drafts.enter('a');
  drafts.write('a', text('hej'), save);
  await drafts.flush('a');
  expect(drafts.get('a')?.text).toBe('hej');
  await drafts.leave('a');
  expect(drafts.get('a')).toBeNull();
});

/** A disk that is full until the test makes room. */
function fullDisk() {
  const disk = { full: true };
  const save = vi.fn(async (_content: Content) => {
    if (disk.full) {
      throw new RpcFault({ code: 'disk_full', params: {}, correlation_id: '' });
    }
  });
  return { disk, save };
}

test('a failed save is tried again by itself, and told until it has succeeded', async () => {
  const { disk, save } = fullDisk();
  const drafts = new Drafts();
  drafts.write('a', text('hej'), save);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS + RETRY_AFTER_MS);
  expect(save).toHaveBeenCalledTimes(2);
  expect(drafts.get('a')?.status).toBe('failed');
  disk.full = false;
  await vi.advanceTimersByTimeAsync(RETRY_AFTER_MS);
  // Its field has gone: once saved, the core's draft counts again.
  expect(drafts.get('a')).toBeNull();
  await vi.advanceTimersByTimeAsync(RETRY_AFTER_MS * 2);
  expect(save.mock.calls).toEqual([[text('hej')], [text('hej')], [text('hej')]]);
});

test('a text that has been changed, settled or let go is not saved again as it was', async () => {
  const { save } = fullDisk();
  const drafts = new Drafts();
  for (const key of ['changed', 'settled', 'let go']) {
    drafts.write(key, text(key), save);
  }
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  const other = vi.fn(async (_content: Content) => {});
  drafts.write('changed', text('other'), other);
  await drafts.settle('settled');
  drafts.lock();
  void drafts.flushAll();
  await vi.advanceTimersByTimeAsync(0);
  save.mockClear();
  await vi.advanceTimersByTimeAsync(RETRY_AFTER_MS * 2);
  expect(save).not.toHaveBeenCalled();
  expect(other.mock.calls).toEqual([[text('other')]]);
});

test('a save that fails while a text is being settled is not tried again', async () => {
  const { save } = fullDisk();
  const drafts = new Drafts();
  drafts.write('a', text('hej'), save);
  void drafts.flush('a');
  await drafts.settle('a');
  await vi.advanceTimersByTimeAsync(RETRY_AFTER_MS * 2);
  expect(save).toHaveBeenCalledTimes(1);
});

// Covers KW-45
test('past a lock only what is not saved is kept, and saved when the program is open again', async () => {
  const { disk, save } = fullDisk();
  const drafts = new Drafts();
  for (const key of ['saved', 'not saved']) {
    drafts.setOpened(key, true);
    drafts.write(key, text(key), key === 'saved' ? async () => {} : save);
  }
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  drafts.lock();
  expect(drafts.get('saved')).toBeNull();
  expect([...drafts.opened()]).toEqual(['not saved']);
  await vi.advanceTimersByTimeAsync(RETRY_AFTER_MS * 2);
  expect(save).toHaveBeenCalledTimes(1);
  expect(drafts.unsaved()?.text).toBe('not saved');
  drafts.unlock();
  await vi.advanceTimersByTimeAsync(0);
  expect(drafts.unsaved()?.fault?.code).toBe('disk_full');
  disk.full = false;
  await vi.advanceTimersByTimeAsync(RETRY_AFTER_MS);
  expect(drafts.get('not saved')).toBeNull();
  expect(save).toHaveBeenCalledTimes(3);
});
