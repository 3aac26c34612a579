import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeCore } from '../../testing/fake-core';
import { findCases, showWindow } from '../../testing/show';

/** The officer of the first case, with this much of it ready. */
async function showDecision(core: FakeCore) {
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  const shown = await showWindow(core);
  await shown.user.click((await findCases())[0] as HTMLElement);
  await shown.user.click(await screen.findByTestId('tab-decision'));
  await screen.findByRole('heading', { name: 'Beslut om ansökan' });
  return shown;
}

const PASSED = {
  part: { sv: 'Teoretiskt prov', en: 'Theoretical test' },
  held_on: '2026-10-01',
  mark: '82 %',
  passed: true,
};

test('a case is not granted before everything is there, and it says what is missing', async () => {
  const core = new FakeCore();
  core.cases = core.cases.map((each) => ({
    ...each,
    documents_needed: 3,
    documents_accepted: 1,
  }));
  await showDecision(core);
  expect(screen.getByTestId('lacking')).toHaveTextContent(
    '2 dokument som krävs eller har begärts är inte godkända än.Teoretiskt prov är inte godkänt än.',
  );
  expect(screen.getByTestId('grant')).toBeDisabled();
});

test('the letter is kept while it is written, and granting asks first', async () => {
  const core = new FakeCore();
  core.work.change('case-1', { exams: [PASSED] });
  const { user } = await showDecision(core);
  await user.click(screen.getByTestId('grant'));
  expect(await screen.findByText('Skriv vad beslutet är och varför.')).toBeVisible();
  await user.type(screen.getByTestId('decision-letter'), 'Du är certifierad.');
  await user.tab();
  await waitFor(() => expect(core.callsOf('cases.letter_save').at(-1)?.text).toMatch(/^Du är/));
  await user.click(screen.getByTestId('grant'));
  const dialog = await screen.findByRole('alertdialog', { name: 'Bevilja F-gas, kategori I?' });
  expect(dialog).toHaveTextContent('SE-24-10482');
  expect(core.callsOf('cases.grant')).toEqual([]);
  await user.click(screen.getByTestId('confirm-decision'));
  await waitFor(() =>
    expect(core.callsOf('cases.grant')).toMatchObject([
      { case: 'case-1', level: null, text: 'Du är certifierad.' },
    ]),
  );
});

test('a result needs a day that has been', async () => {
  const core = new FakeCore();
  const { user } = await showDecision(core);
  for (const wrong of ['1 oktober', '2026-02-30', '2999-01-01']) {
    await user.clear(screen.getByTestId('exam-held-on'));
    await user.type(screen.getByTestId('exam-held-on'), wrong);
    await user.click(screen.getByTestId('exam-record'));
    expect(await screen.findByText(/^Skriv datumet som/)).toBeVisible();
  }
  await user.clear(screen.getByTestId('exam-held-on'));
  await user.type(screen.getByTestId('exam-held-on'), '2026-10-01');
  await user.click(screen.getByTestId('exam-record'));
  await waitFor(() =>
    expect(core.callsOf('cases.record_exam')).toMatchObject([
      { part: 'teori', held_on: '2026-10-01', passed: true },
    ]),
  );
});

test('what is filled in of an examination and chosen for a decision is kept, and comes back', async () => {
  const core = new FakeCore();
  const exam = { part: 'teori', held_on: '2026-10-01', mark: '82', passed: false };
  core.work.change('case-1', {
    exam,
    levels: [{ code: 'k', name: { sv: 'Komplexa byggnader', en: 'Complex buildings' } }],
    letter: { case: 'case-1', text: 'Du', level: 'k', granted_on: '2026-11-01' },
  });
  const { user } = await showDecision(core);
  expect(screen.getByTestId('exam-held-on')).toHaveValue('2026-10-01');
  expect(screen.getByTestId('exam-outcome')).toHaveValue('failed');
  expect(screen.getByTestId('decision-level')).toHaveValue('k');
  expect(screen.getByTestId('decision-day')).toHaveValue('2026-11-01');
  await user.type(screen.getByTestId('exam-mark'), ' %');
  await waitFor(() =>
    expect(core.callsOf('cases.exam_save').at(-1)).toEqual({
      case: 'case-1',
      ...exam,
      mark: '82 %',
    }),
  );
  await user.type(screen.getByTestId('decision-letter'), ' är');
  await waitFor(() =>
    expect(core.callsOf('cases.letter_save').at(-1)).toEqual({
      case: 'case-1',
      text: 'Du är',
      level: 'k',
      granted_on: '2026-11-01',
    }),
  );
});

test('the panel shows every field, and hides the end of the identity number', async () => {
  const core = new FakeCore();
  const { user } = await showWindow(core);
  await user.click((await findCases())[0] as HTMLElement);
  const panel = await screen.findByRole('region', { name: 'Om ärendet' });
  await waitFor(() => expect(panel).toHaveTextContent('19850312-••••'));
  await user.click(screen.getByRole('button', { name: 'Visa hela personnumret' }));
  expect(panel).toHaveTextContent('19850312-2387');
  const names = [...panel.querySelectorAll('dt')].map((name) => name.textContent);
  expect(names).toEqual([
    'Namn',
    'Personnummer',
    'Handläggare',
    'Ärende',
    'Digital/Analog',
    'Order nr',
    'Certifieringstyp',
    'Certifikat',
    'Tentamen',
    'Plastkort',
    'Publicerad',
  ]);
});

test('once a case is decided nothing more is sent in, and the list tells how it ended', async () => {
  const core = new FakeCore();
  core.cases = core.cases.map((each, at) =>
    at === 0 ? { ...each, stage: 'granted', certificate: 'FG-1' } : each,
  );
  const { user } = await showWindow(core);
  const [first] = await findCases();
  expect(first).toHaveTextContent('Beviljat');
  await user.click(first as HTMLElement);
  await screen.findByTestId('tab-messages');
  expect(screen.queryByTestId('tab-documents')).toBeNull();
  expect(await screen.findByText('FG-1')).toBeVisible();
});

test('handing over says to whom the case goes, and when', async () => {
  const core = new FakeCore();
  core.work.change('case-1', { colleagues: [{ person: 'person-9', name: 'Eva Ek' }] });
  const { user } = await showDecision(core);
  expect(screen.getByTestId('hand-over')).toBeDisabled();
  await user.selectOptions(screen.getByTestId('hand-over-to'), 'Eva Ek');
  await user.click(screen.getByTestId('hand-over'));
  expect(await screen.findByText(/^Ärendet lämnas över till Eva Ek när servern/)).toBeVisible();
  expect(core.callsOf('cases.assign')).toEqual([{ case: 'case-1', from: null, to: 'person-9' }]);
});
