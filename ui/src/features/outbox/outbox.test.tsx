import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openNew, showWindow } from '../../testing/show';

async function showOutbox(core: FakeCore) {
  const shown = await showWindow(core);
  await shown.user.click(await screen.findByTestId('nav-outbox'));
  await screen.findByRole('heading', { level: 1, name: 'Utkorg' });
  return shown;
}

// Covers KW-46
test('the outbox tells where each message stands and why', async () => {
  const core = new FakeCore();
  core.sync = { ...core.sync, line: 'offline' };
  core.addToOutbox({ state: 'queued' });
  core.addToOutbox({ state: 'sent', sent_at: '2026-11-22T13:31:00Z' });
  core.addToOutbox({ state: 'refused', reason: { code: 'case_not_found' } });
  await showOutbox(core);
  const rows = await screen.findAllByTestId('outbox-entry');
  expect(rows.map((row) => row.dataset.state)).toEqual(['refused', 'sent', 'queued']);
  const [refused, sent, queued] = rows as [HTMLElement, HTMLElement, HTMLElement];
  expect(refused).toHaveTextContent('Servern hittar inte ärendet. Kontakta handläggaren.');
  expect(sent).toHaveTextContent('Har lämnat datorn. Servern har inte svarat än.');
  expect(sent).toHaveTextContent('Skickat 22 november 2026 kl. 14.31');
  expect(queued).toHaveTextContent('Väntar på uppkoppling. Det skickas av sig självt.');
  expect(within(sent).queryByTestId('withdraw')).toBeNull();
});

test('what waits can be saved outside the program, with what has become of it', async () => {
  const core = new FakeCore();
  const entry = core.addToOutbox({ state: 'stuck', subject: 'F-gas', text: 'Hej på dig' });
  const { user } = await showOutbox(core);
  await user.click(
    await screen.findByRole('button', { name: 'Spara en kopia av Meddelande i F-gas' }),
  );
  expect(await screen.findByText('En kopia är sparad.')).toBeVisible();
  const [asked] = core.callsOf('outbox.save') as [{ command: string; name: string; text: string }];
  expect(asked).toMatchObject({
    command: entry.command,
    name: 'Meddelande SE-24-10482 2026-11-22.txt',
  });
  expect(asked.text).toMatch(
    /^Meddelande: F-gas\nÄrendenummer: SE-24-10482\nSparat [^\n]*\n\nHej på dig\n$/,
  );
});

test('what was begun in a case that a colleague took can be read, copied, saved and removed', async () => {
  const core = new FakeCore();
  const begun = {
    subject: 'F-gas, kategori I',
    number: '2026-10482',
    left_at: '2026-11-22T13:30:00Z',
    erased_at: '2026-12-22T13:30:00Z',
  };
  core.left = [
    {
      ...begun,
      place: 'decision/1',
      kind: 'decision',
      text: 'Du är <b>certifierad',
      file_name: null,
    },
    { ...begun, place: 'file/1', kind: 'file', text: '', file_name: 'intyg.pdf' },
  ];
  const { user, container } = await showOutbox(core);
  const [letter, file] = (await screen.findAllByTestId('left-entry')) as [HTMLElement, HTMLElement];
  expect(screen.getByRole('heading', { name: 'Det här hann du inte skicka' })).toBeVisible();
  expect(screen.queryByText('Utkorgen är tom')).toBeNull();
  expect(letter).toHaveTextContent('F-gas, kategori I2026-10482Brev med beslut');
  expect(letter).toHaveTextContent('Du är <b>certifierad');
  expect(letter).toHaveTextContent('Finns kvar här till 22 december 2026.');
  expect(await axeViolations(container)).toEqual([]);
  await user.click(within(letter).getByTestId('left-copy'));
  expect(await navigator.clipboard.readText()).toBe('Du är <b>certifierad');
  await user.click(within(letter).getByTestId('left-save'));
  expect(await screen.findByText('En kopia är sparad.')).toBeVisible();
  expect(core.callsOf('outbox.left_save')).toEqual([
    {
      place: 'decision/1',
      name: 'Brev med beslut 2026-10482 2026-11-22.txt',
      text: 'Brev med beslut: F-gas, kategori I\nÄrendenummer: 2026-10482\nÄrendet lämnade datorn 22 november 2026\n\nDu är <b>certifierad\n',
    },
  ]);
  expect(file).toHaveTextContent('intyg.pdf');
  expect(within(file).queryByTestId('left-copy')).toBeNull();
  await user.click(within(file).getByRole('button', { name: 'Ta bort Fil i F-gas, kategori I' }));
  await waitFor(() => expect(screen.getAllByTestId('left-entry')).toHaveLength(1));
  expect(screen.getByRole('heading', { level: 1 })).toHaveFocus();
  await user.click(await screen.findByRole('button', { name: 'Ångra' }));
  await waitFor(() => expect(screen.getAllByTestId('left-entry')).toHaveLength(2));
});

test('when a case goes to a colleague it is told where that lies which was begun in it', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await screen.findByTestId('nav-outbox');
  const begun = {
    subject: 'F-gas',
    left_at: '2026-11-22T13:30:00Z',
    erased_at: '2026-12-22T13:30:00Z',
  };
  core.left = ['decision/1', 'exam/1'].map((place) => ({
    ...begun,
    place,
    kind: 'decision',
    number: '2026-10482',
    text: 'Du är',
    file_name: null,
  }));
  act(() => core.announce('outbox'));
  const told = 'Någon annan har ärende 2026-10482 nu. Det du hade börjat på ligger i utkorgen.';
  expect(await screen.findAllByText(told)).toHaveLength(1);
  await user.click(screen.getByTestId('toast-open'));
  expect(await screen.findAllByTestId('left-entry')).toHaveLength(2);
});

test('an entry tells which case it is about, and leads to it', async () => {
  const core = new FakeCore();
  core.addToOutbox({ state: 'refused', case: 'gone', number: null, subject: 'Ett gammalt ärende' });
  core.addToOutbox({ state: 'queued', case: 'case-2', subject: 'Sakkunnig brandskydd' });
  const { user } = await showOutbox(core);
  const [entry, gone] = (await screen.findAllByTestId('outbox-entry')) as [
    HTMLElement,
    HTMLElement,
  ];
  expect(within(gone).queryByRole('button', { name: 'Ett gammalt ärende' })).toBeNull();
  expect(entry).toHaveTextContent('SE-21-03311');
  await user.click(within(entry).getByRole('button', { name: 'Sakkunnig brandskydd' }));
  const title = await screen.findByRole('heading', { level: 1, name: 'Sakkunnig brandskydd' });
  await waitFor(() => expect(title).toHaveFocus());
});

test('what waits can be taken back at once, and the focus does not get lost', async () => {
  const core = new FakeCore();
  const second = core.addToOutbox({ state: 'queued', subject: 'Andra' });
  const first = core.addToOutbox({ state: 'queued', subject: 'Första' });
  const { user } = await showOutbox(core);
  await user.click(await screen.findByRole('button', { name: 'Ta tillbaka: Meddelande i Första' }));
  expect(await screen.findByText(/^Meddelandet är taget tillbaka\./)).toBeVisible();
  await waitFor(() => expect(screen.getAllByTestId('outbox-entry')).toHaveLength(1));
  const [row] = screen.getAllByTestId('outbox-entry');
  await waitFor(() => expect(row).toHaveFocus());
  expect(row).toHaveTextContent('Andra');
  expect(core.callsOf('outbox.withdraw')).toEqual([{ command: first.command }]);
  expect(core.outbox).toEqual([second]);
});

test('a double press takes back one thing, and not what takes its place', async () => {
  const core = new FakeCore();
  const second = core.addToOutbox({ state: 'queued', subject: 'Andra' });
  core.addToOutbox({ state: 'queued', subject: 'Första' });
  const { user } = await showOutbox(core);
  (await screen.findByRole('button', { name: 'Ta tillbaka: Meddelande i Första' })).focus();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.getAllByTestId('outbox-entry')).toHaveLength(1));
  await user.keyboard('{Enter}');
  await user.click(screen.getByTestId('withdraw'));
  expect(core.outbox).toEqual([second]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await user.click(screen.getByTestId('withdraw'));
  expect(await screen.findByText('Utkorgen är tom')).toBeVisible();
});

test('how far a file has come is told once that says something', async () => {
  const core = new FakeCore();
  const file = { kind: 'submit_document', state: 'queued', file_name: 'a.pdf' } as const;
  core.addToOutbox({ ...file, sending: { done: 0, total: 4_500_000 } });
  core.addToOutbox({ ...file, sending: { done: 200, total: 900 } });
  await showOutbox(core);
  const [small, large] = (await screen.findAllByTestId('outbox-entry')) as [
    HTMLElement,
    HTMLElement,
  ];
  for (const row of [small, large]) {
    expect(row).toHaveTextContent('Filen skickas.');
    expect(row).not.toHaveTextContent('0 kB');
    expect(row.querySelector('progress')).toBeNull();
  }
  core.sendPart(450_000);
  await waitFor(() => expect(large).toHaveTextContent('Filen skickas: 450 kB av 4,5 MB.'));
  expect(large.querySelector('progress')).toHaveAttribute('value', '450000');
});

test('what has left in the meantime cannot be taken back, and that is said', async () => {
  const core = new FakeCore();
  core.addToOutbox({ state: 'queued' });
  core.failOn('outbox.withdraw', 'cannot_withdraw');
  const { user } = await showOutbox(core);
  await user.click(await screen.findByTestId('withdraw'));
  expect(await screen.findByText(/har redan lämnat datorn/)).toBeVisible();
});

test('sending can be tried at once', async () => {
  const core = new FakeCore();
  core.addToOutbox({ state: 'queued' });
  const { user } = await showOutbox(core);
  await user.click(await screen.findByRole('button', { name: 'Skicka nu' }));
  expect(core.callsOf('sync.now')).toHaveLength(1);
});

test('sending at once without a line says that there is none, and that it goes by itself', async () => {
  const core = new FakeCore();
  core.sync = { ...core.sync, line: 'offline' };
  core.addToOutbox({ state: 'queued' });
  const { user } = await showOutbox(core);
  const button = await screen.findByTestId('send-now');
  await user.click(button);
  expect(button).toHaveTextContent('Skickar…');
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(
    await screen.findByText(/^Ingen kontakt med servern än\. Det som väntar skickas/),
  ).toBeVisible();
  expect(button).toHaveTextContent('Skicka nu');
});

test('an empty outbox says what will appear in it', async () => {
  const { user } = await showOutbox(new FakeCore());
  expect(await screen.findByText('Utkorgen är tom')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Skicka nu' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Visa ärenden' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Ärenden' })).toHaveFocus();
});

test('what the server has received stands below what it has not, and stays', async () => {
  const core = new FakeCore();
  core.addToOutbox({ state: 'queued', subject: 'Äldst' });
  const { container } = await showOutbox(core);
  const under = await screen.findByRole('list', { name: 'På väg eller nekat' });
  expect(screen.queryByRole('heading', { level: 2, name: 'Mottaget' })).toBeNull();
  expect(within(under).getByTestId('outbox-entry')).toHaveTextContent('Äldst');
  act(() => core.move('received'));
  await waitFor(() => expect(under).not.toBeInTheDocument());
  core.addToOutbox({ state: 'refused', subject: 'Nekat', decided_at: '2026-11-22T13:32:00Z' });
  core.addToOutbox({ state: 'received', subject: 'Yngst', decided_at: '2026-11-22T13:33:00Z' });
  act(() => core.announce('outbox'));
  await screen.findByRole('list', { name: 'På väg eller nekat' });
  expect(screen.getAllByRole('heading', { level: 2 }).map((each) => each.textContent)).toEqual([
    'På väg eller nekat',
    'Mottaget',
  ]);
  const titles = screen.getAllByRole('heading', { level: 3 }).map((each) => each.textContent);
  expect(titles.map((each) => each?.slice(0, 5))).toEqual(['Nekat', 'Yngst', 'Äldst']);
  expect(screen.getByText(/tagit emot ligger kvar i 30 dagar\.$/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Skicka nu' })).toBeNull();
  expect(await axeViolations(container)).toEqual([]);
});

test('a time line tells what has happened, in order', async () => {
  const core = new FakeCore();
  core.addToOutbox({
    state: 'refused',
    reason: { code: 'case_not_found' },
    sent_at: '2026-11-22T13:31:00Z',
    decided_at: '2026-11-22T13:32:00Z',
  });
  core.addToOutbox({ state: 'queued' });
  await showOutbox(core);
  const steps = (await screen.findAllByRole('list', { name: 'Det som har hänt' })).map((list) => {
    expect(list.tagName).toBe('OL');
    return within(list)
      .getAllByRole('listitem')
      .map((item) => item.textContent);
  });
  expect(steps).toEqual([
    ['Sparat på datorn 22 november 2026 kl. 14.30'],
    [
      'Sparat på datorn 22 november 2026 kl. 14.30',
      'Skickat 22 november 2026 kl. 14.31',
      'Nekat av servern 22 november 2026 kl. 14.32',
    ],
  ]);
});

test('what was refused can be written again, below what stands in the case', async () => {
  const core = new FakeCore();
  const refused = core.addToOutbox({
    state: 'refused',
    reason: { code: 'message_too_long' },
    text: 'nekat',
  });
  const { user } = await showWindow(core);
  await user.type(await openNew(user, 'F-gas, kategori I'), 'nytt');
  await user.click(screen.getByTestId('nav-outbox'));
  const button = await screen.findByRole('button', { name: /^Skriv igen.*F-gas/ });
  await user.click(button);
  expect(await screen.findByText('Texten ligger som utkast i ärendet igen.')).toBeVisible();
  expect(core.callsOf('outbox.write_again')).toEqual([{ command: refused.command }]);
  await waitFor(() =>
    expect(screen.getByRole('heading', { level: 1, name: 'Utkorg' })).toHaveFocus(),
  );
  await user.click(screen.getByTestId('nav-cases'));
  const field = await screen.findByTestId('message-text');
  await waitFor(() => expect(field).toHaveValue('nytt\n\nnekat'));
  await user.type(field, ' igen');
  await waitFor(() => expect(core.messages.draft('case-1')).toBe('nytt\n\nnekat igen'));
});

test.each([
  ['access_ended', 'case-1'],
  ['case_not_found', 'case-1'],
  ['document_not_found', 'case-1'],
  ['row_not_found', 'case-1'],
  ['message_too_long', 'a case that has gone'],
])('what was refused (%s) in %s is not put where nobody sees it', async (code, caseId) => {
  const core = new FakeCore();
  core.addToOutbox({ state: 'refused', reason: { code }, case: caseId });
  core.addToOutbox({ state: 'refused', reason: { code: 'message_too_long' } });
  await showOutbox(core);
  await screen.findByTestId('write-again');
  const [other, gone] = screen.getAllByTestId('outbox-entry') as [HTMLElement, HTMLElement];
  expect(within(other).getByTestId('write-again')).toBeVisible();
  expect(within(gone).queryByTestId('write-again')).toBeNull();
  expect(within(gone).getByTestId('save-entry')).toBeVisible();
});

test('a text that could not be saved is saved before another is put below it', async () => {
  const core = new FakeCore();
  core.addToOutbox({ state: 'refused', reason: { code: 'message_too_long' }, text: 'nekat' });
  core.failOn('messages.draft_save', 'disk_full');
  const { user } = await showWindow(core);
  await user.type(await openNew(user, 'F-gas, kategori I'), 'nytt');
  await user.click(screen.getByTestId('nav-outbox'));
  await user.click(await screen.findByTestId('write-again'));
  expect(await screen.findByText(/^Ett utkast kunde inte sparas\./)).toBeVisible();
  expect(core.callsOf('outbox.write_again')).toEqual([]);

  core.failOn('messages.draft_save', null);
  await user.click(screen.getByTestId('write-again'));
  expect(await screen.findByText('Utkorgen är tom')).toBeVisible();
  await user.click(screen.getByTestId('nav-cases'));
  const field = await screen.findByTestId('message-text');
  await waitFor(() => expect(field).toHaveValue('nytt\n\nnekat'));
});

test('the outbox has no accessibility faults', async () => {
  const core = new FakeCore();
  core.addToOutbox({ state: 'queued' });
  core.addToOutbox({ state: 'stuck' });
  core.addToOutbox({ state: 'refused', decided_at: '2026-11-22T13:32:00Z' });
  const { container } = await showOutbox(core);
  await screen.findAllByTestId('outbox-entry');
  expect(await axeViolations(container)).toEqual([]);
});

test('documents and decisions stand there with their file, and how far it has come', async () => {
  const core = new FakeCore();
  core.addToOutbox({
    kind: 'submit_document',
    state: 'queued',
    file_name: 'betyg.pdf',
    text: 'Från 1998',
    sending: { done: 1_200_000, total: 4_500_000 },
  });
  core.addToOutbox({ kind: 'accept_document', state: 'sent', file_name: 'intyg.pdf', text: '' });
  core.addToOutbox({
    kind: 'refuse_document',
    state: 'refused',
    file_name: 'utdrag.pdf',
    text: 'För gammalt',
    reason: { code: 'document_handled' },
  });
  const { user } = await showOutbox(core);
  const [refuse, accept, submit] = await screen.findAllByTestId('outbox-entry');
  expect(submit).toHaveTextContent('betyg.pdf');
  expect(submit).toHaveTextContent('Från 1998');
  expect(submit).toHaveTextContent('Filen skickas: 1,2 MB av 4,5 MB.');
  expect(submit?.querySelector('progress')).toHaveAttribute('value', '1200000');
  expect(accept).toHaveTextContent('Godkännande');
  expect(refuse).toHaveTextContent('För gammalt');
  expect(refuse).toHaveTextContent('Dokumentet är redan godkänt eller underkänt.');

  core.setLine('offline');
  await waitFor(() =>
    expect(submit).toHaveTextContent(
      'Väntar på uppkoppling. Det skickas av sig självt. 1,2 MB av 4,5 MB har skickats.',
    ),
  );
  await user.click(
    screen.getByRole('button', { name: 'Ta tillbaka: Dokument i F-gas, kategori I' }),
  );
  expect(
    await screen.findByText(/^Dokumentet är taget tillbaka\. Filen ligger kvar/),
  ).toBeVisible();
  await user.click(
    screen.getByRole('button', { name: 'Skriv igen: Underkännande i F-gas, kategori I' }),
  );
  expect(
    await screen.findByText(/^Orsaken ligger som utkast vid dokumentet i ärendet\./),
  ).toBeVisible();
});
