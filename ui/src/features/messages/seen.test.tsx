import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { openCase, showWindow } from '../../testing/show';
import { SEEN_AFTER_MS } from './use-seen';

const CASE = 'F-gas, kategori I';

/** jsdom draws nothing: the test says what is in view. */
class FakeObserver {
  static all: FakeObserver[] = [];
  readonly #tell: (entries: object[]) => void;
  target: Element | null = null;

  constructor(tell: (entries: object[]) => void) {
    this.#tell = tell;
    FakeObserver.all.push(this);
  }

  observe(target: Element): void {
    this.target = target;
  }

  disconnect(): void {
    FakeObserver.all = FakeObserver.all.filter((each) => each !== this);
  }

  show(ratio: number, height = 100): void {
    this.#tell([
      {
        isIntersecting: ratio > 0,
        intersectionRatio: ratio,
        intersectionRect: { height },
        rootBounds: { height: 800 },
      },
    ]);
  }
}

let focused = true;

beforeEach(() => {
  focused = true;
  FakeObserver.all = [];
  vi.stubGlobal('IntersectionObserver', FakeObserver);
  vi.spyOn(document, 'hasFocus').mockImplementation(() => focused);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function openUnread() {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'Nytt', unread: true });
  core.addMessage('case-1', { text: 'Läst', at: '2026-11-01T08:00:00Z' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  const [observer] = FakeObserver.all;
  if (observer === undefined || FakeObserver.all.length > 1) {
    throw new Error('what is unread is watched, and nothing else');
  }
  return { core, observer, user };
}

const pause = (ms: number) => act(() => new Promise((resolve) => setTimeout(resolve, ms)));

test('a conversation counts as read when it has been in view for a while, and once', async () => {
  const { core, observer } = await openUnread();
  observer.show(1);
  await pause(SEEN_AFTER_MS / 2);
  expect(core.callsOf('messages.mark_read')).toEqual([]);
  await waitFor(() =>
    expect(core.callsOf('messages.mark_read')).toEqual([
      { case: 'case-1', thread: 'message-1', up_to: expect.stringMatching(/Z$/) },
    ]),
  );
  await waitFor(() => expect(screen.queryByText('Oläst')).toBeNull());
  observer.show(0);
  observer.show(1);
  await pause(SEEN_AFTER_MS + 200);
  expect(core.callsOf('messages.mark_read')).toHaveLength(1);
});

test('what is scrolled past is not read', async () => {
  const { core, observer } = await openUnread();
  observer.show(1);
  await pause(SEEN_AFTER_MS / 2);
  observer.show(0.1);
  await pause(SEEN_AFTER_MS);
  expect(core.callsOf('messages.mark_read')).toEqual([]);
  expect(screen.getByText('Oläst')).toBeVisible();
});

test('what is higher than the window is read when it fills half of it', async () => {
  const { core, observer } = await openUnread();
  observer.show(0.2, 500);
  await waitFor(() => expect(core.callsOf('messages.mark_read')).toHaveLength(1));
});

test('nothing is read in a window that nobody looks at', async () => {
  focused = false;
  const { core, observer } = await openUnread();
  observer.show(1);
  await pause(SEEN_AFTER_MS + 200);
  expect(core.callsOf('messages.mark_read')).toEqual([]);
  focused = true;
  act(() => void window.dispatchEvent(new Event('focus')));
  await waitFor(() => expect(core.callsOf('messages.mark_read')).toHaveLength(1));
});

test('what comes while the conversation is on screen is shown before it counts as read', async () => {
  const core = new FakeCore();
  const first = core.addMessage('case-1', { text: 'Läst' });
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  for (const [text, at] of [
    ['Andra', '2026-11-21T08:00:00Z'],
    ['Tredje', '2026-11-21T09:00:00Z'],
  ] as const) {
    core.addMessage('case-1', { text, at, unread: true }, { thread: first.id });
  }
  act(() => core.announce('messages', 'cases'));
  expect(await screen.findByText('Tredje')).toBeVisible();
  expect(screen.getByText('Andra')).toBeVisible();

  // Who closes them again has seen that they are there, until more comes.
  await user.click(screen.getByTestId('thread-toggle'));
  expect(screen.queryByText('Andra')).toBeNull();
  core.addMessage(
    'case-1',
    { text: 'Fjärde', at: '2026-11-21T10:00:00Z', unread: true },
    { thread: first.id },
  );
  act(() => core.announce('messages', 'cases'));
  expect(await screen.findByText('Fjärde')).toBeVisible();
  expect(screen.getByText('Tredje')).toBeVisible();
});

test('a message that has just come takes its own while to be read', async () => {
  const { core, observer } = await openUnread();
  observer.show(1);
  await pause(SEEN_AFTER_MS / 2);
  core.addMessage(
    'case-1',
    { text: 'Nyss', at: '2026-11-21T10:00:00Z', unread: true },
    { thread: 'message-1' },
  );
  act(() => core.announce('messages', 'cases'));
  await screen.findByText('Nyss');
  FakeObserver.all[0]?.show(1);
  await pause(SEEN_AFTER_MS / 2 + 100);
  expect(core.callsOf('messages.mark_read')).toEqual([]);
  await waitFor(() => expect(core.callsOf('messages.mark_read')).toHaveLength(1));
});
