import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { FoundGroup } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

const CASE = { id: 'case-1', title: 'F-gas, kategori I', number: 'SE-24-10482', holder: null };

function coreWithHits(): FakeCore {
  const core = new FakeCore();
  core.addMessage('case-1', { text: 'Årsrapporten är inne' });
  const [thread] = core.messages.list('case-1').threads;
  core.found = (text): FoundGroup[] =>
    'arsrapp'.startsWith(text.toLowerCase())
      ? [
          {
            kind: 'message',
            more: true,
            hits: [
              {
                no: '7',
                title: [{ text: 'Göran Hägglund', hit: false }],
                excerpt: [
                  { text: 'Årsrapp', hit: true },
                  { text: 'orten <b>är</b> inne', hit: false },
                ],
                at: '2026-11-22T12:00:00Z',
                case: CASE,
                place: { at: 'messages', thread: thread?.id ?? null },
              },
            ],
          },
          {
            kind: 'draft',
            more: false,
            hits: [
              {
                no: '6',
                title: [],
                excerpt: [{ text: 'Årsrapport', hit: true }],
                at: null,
                case: CASE,
                place: { at: 'address' },
              },
            ],
          },
        ]
      : [];
  return core;
}

async function openSearch(core: FakeCore) {
  const shown = await showWindow(core);
  await screen.findByTestId('overview');
  await shown.user.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
  const field = await screen.findByTestId('search-text');
  await waitFor(() => expect(field).toHaveFocus());
  return { field, ...shown };
}

test('what is found stands by its kind, with the hit marked and which case it is in', async () => {
  const { user, container } = await openSearch(coreWithHits());
  await user.keyboard('arsrapp');
  const messages = await screen.findByTestId('found-message');
  expect(within(messages).getByText('Årsrapp').tagName).toBe('MARK');
  expect(messages).toHaveTextContent('F-gas, kategori I · SE-24-10482');
  // what somebody wrote is text, whatever it looks like
  expect(messages).toHaveTextContent('<b>är</b>');
  expect(screen.getByTestId('found-draft')).toHaveTextContent('Påbörjad text');
  expect(await axeViolations(container)).toEqual([]);
});

test('the arrows reach the hits, and Enter opens the one in its place, marked there', async () => {
  const { user } = await openSearch(coreWithHits());
  await user.keyboard('arsrapp');
  await screen.findByTestId('found-message');
  await user.keyboard('{ArrowDown}');
  expect(screen.getAllByTestId('hit')[0]).toHaveFocus();
  await user.keyboard('{ArrowDown}{ArrowUp}{Enter}');
  const thread = await screen.findByTestId('thread');
  await waitFor(() => expect(within(thread).getByText('Årsrapp').tagName).toBe('MARK'));
  await user.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
  expect(await screen.findByTestId('search-text')).toHaveValue('arsrapp');
});

test('one kind is looked for alone, and more of it when asked', async () => {
  const core = coreWithHits();
  const { user } = await openSearch(core);
  await user.keyboard('arsrapp');
  await screen.findByTestId('found-message');
  await user.click(screen.getByTestId('search-more'));
  await waitFor(() => expect(screen.queryByTestId('found-draft')).toBeNull());
  await user.click(await screen.findByTestId('search-more'));
  await waitFor(() =>
    expect(core.callsOf('search.find').at(-1)).toEqual({
      text: 'arsrapp',
      kind: 'message',
      after: '7',
    }),
  );
});

test('nothing found says what to do, and one letter is not looked for', async () => {
  const core = coreWithHits();
  const { user } = await openSearch(core);
  await user.keyboard('x');
  expect(core.callsOf('search.find')).toEqual([]);
  await user.keyboard('yz');
  expect(await screen.findByText('Inget på den här datorn passar xyz.')).toBeVisible();
});

test('what has come and cannot be looked through yet is told, and shown when it can', async () => {
  const core = coreWithHits();
  const all = core.found;
  core.found = () => [];
  core.unread = 12_400;
  const { user } = await openSearch(core);
  await user.keyboard('arsrapp');
  expect(await screen.findByText(/12\s?400 texter är inte inlästa i sökningen än/)).toBeVisible();
  expect(screen.queryByText(/^Inget på den här datorn/)).toBeNull();
  core.found = all;
  core.unread = 0;
  expect(await screen.findByTestId('found-message')).toBeVisible();
  expect(screen.queryByText(/inte inlästa/)).toBeNull();
});

test('the palette finds by words as well, and shows the rest on the page', async () => {
  const { user } = await showWindow(coreWithHits());
  await screen.findByTestId('overview');
  await user.keyboard('{Control>}k{/Control}');
  await user.type(await screen.findByTestId('palette-input'), 'arsrapp');
  const options = await screen.findAllByTestId('palette-option');
  expect(options.at(0)).toHaveTextContent('Årsrapporten');
  expect(options.at(-1)).toHaveTextContent('Sök arsrapp i allt');
  await user.keyboard('{ArrowUp}{ArrowDown}{ArrowDown}{Enter}');
  expect(await screen.findByTestId('search-text')).toHaveValue('arsrapp');
});
