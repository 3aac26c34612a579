import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { RowView } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openCase, openDocuments, showWindow } from '../../testing/show';

const CASE = 'F-gas, kategori I';

function words(text: string) {
  return { sv: text, en: `${text} (en)` };
}

async function show(who: 'holder' | 'officer', ...rows: (Partial<RowView> & { id: string })[]) {
  const core = new FakeCore();
  if (who === 'officer') {
    core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  }
  for (const row of rows) {
    core.documents.addRow('case-1', row);
  }
  const shown = await showWindow(core);
  await openDocuments(shown.user, CASE);
  return { core, ...shown };
}

// Covers KW-65, KW-75
test('the dialog repeats the row, the two absences stand first and uploading is chosen anew each time', async () => {
  const { user } = await show('holder', { id: 'Betyg' });
  await user.click(screen.getByTestId('send-or-tell'));
  const dialog = await screen.findByRole('dialog', { name: 'Ladda upp eller meddela: Betyg' });
  const radios = within(dialog).getAllByRole('radio');
  expect(radios.map((each) => each.parentElement?.textContent)).toEqual([
    'Jag kan inte få fram dokumentet',
    'Dokumentet är inte aktuellt för mig',
    'Jag laddar upp ett dokument',
  ]);
  expect(radios[2]).toBeChecked();
  expect(await axeViolations(dialog)).toEqual([]);
  await user.click(within(dialog).getByText('Dokumentet är inte aktuellt för mig'));
  expect(await axeViolations(dialog)).toEqual([]);
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.click(screen.getByTestId('send-or-tell'));
  expect(within(await screen.findByRole('dialog')).getAllByRole('radio')[2]).toBeChecked();
});

// Covers KW-74
test('a reason is asked for, kept while it is written, and settles the row without a file', async () => {
  const { core, user } = await show('holder', { id: 'Betyg' });
  await user.click(screen.getByTestId('send-or-tell'));
  await user.click(await screen.findByText('Jag kan inte få fram dokumentet'));
  await user.click(screen.getByTestId('confirm-explain'));
  expect(screen.getByText('Skriv varför du inte har dokumentet.')).toBeVisible();
  await user.type(screen.getByTestId('explain-text'), 'Skolan brann');
  const draft = { case: 'case-1', row: 'Betyg', absence: 'cannot-get', reason: 'Skolan brann' };
  await waitFor(() => expect(core.callsOf('documents.explain_save').at(-1)).toEqual(draft));
  // left and come back to: the text is there
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.click(screen.getByTestId('send-or-tell'));
  expect(await screen.findByText('Du har ett påbörjat skäl sparat.')).toBeVisible();
  await user.click(screen.getByText('Jag kan inte få fram dokumentet'));
  expect(screen.getByTestId('explain-text')).toHaveValue('Skolan brann');
  await user.click(screen.getByTestId('confirm-explain'));
  const card = await screen.findByTestId('explanation');
  expect(card).toHaveTextContent('Skolan brann');
  expect(card).toHaveTextContent('Väntar på att skickas');
  expect(core.callsOf('documents.explain')).toEqual([draft]);
  expect(screen.getByTestId('row')).toHaveAttribute('data-stand', 'leaving');
});

// Covers KW-68, KW-69
test('everything in the checklist is ticked before a file is sent', async () => {
  const checklist = [
    words('Intyget är undertecknat av chefen'),
    words('Chefens telefon finns med'),
  ];
  const { core, user } = await show('holder', { id: 'Intyg', checklist });
  core.documents.nextPick = [core.documents.file('intyg.pdf')];
  await user.click(screen.getByTestId('send-or-tell'));
  await user.click(await screen.findByTestId('pick'));
  const picked = await screen.findByTestId('picked');
  await user.click(within(picked).getByLabelText('Intyget är undertecknat av chefen'));
  await user.click(within(picked).getByTestId('submit-document'));
  expect(within(picked).getByRole('alert')).toHaveTextContent('Kryssa i allt i listan');
  const open = within(picked).getByLabelText('Chefens telefon finns med');
  expect(open).toHaveFocus();
  expect(core.callsOf('documents.submit')).toEqual([]);
  expect(await axeViolations(picked)).toEqual([]);
  await user.keyboard(' ');
  await user.click(within(picked).getByTestId('submit-document'));
  await screen.findByTestId('transfer-box');
});

// Covers KW-65
test('a file that lies in the wrong row is moved', async () => {
  const { core, user } = await show('holder', { id: 'Betyg' }, { id: 'Intyg' });
  core.documents.nextPick = [core.documents.file('intyg.pdf')];
  await user.click(screen.getAllByTestId('send-or-tell')[0] as HTMLElement);
  await user.click(await screen.findByTestId('pick'));
  await user.selectOptions(await screen.findByTestId('move-picked'), 'Intyg');
  expect(core.callsOf('documents.move')).toEqual([{ file: 'file-1', row: 'Intyg' }]);
  const right = screen.getAllByTestId('row')[1] as HTMLElement;
  await waitFor(() => expect(within(right).getByTestId('picked')).toBeVisible());
});

// Covers KW-63, KW-81
test('all being in is said only when no row is awaited, after a question, and once', async () => {
  const { core, user } = await show('holder', { id: 'Betyg' }, { id: 'Intyg' });
  expect(screen.getByTestId('report-ready')).toBeDisabled();
  expect(screen.getByTestId('ready-open')).toHaveTextContent('Det återstår: Betyg, Intyg.');
  expect(screen.getByTestId('ready')).toHaveTextContent('MEDDELA OSS');
  core.documents.addDocument('case-1', 'Betyg');
  core.documents.addDocument('case-1', 'Intyg', { state: 'queued' });
  core.announce('documents');
  await waitFor(() => expect(screen.getByTestId('report-ready')).toBeEnabled());
  await user.click(screen.getByRole('button', { name: 'Meddela oss att allt är inskickat' }));
  const dialog = await screen.findByRole('alertdialog');
  expect(dialog).toHaveTextContent(`${CASE} (SE-24-10482)`);
  expect(dialog).toHaveTextContent('Filer som väntar i utkorgen skickas först.');
  expect(core.callsOf('documents.ready')).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Meddela oss' }));
  await waitFor(() => expect(screen.getByTestId('ready')).toHaveAttribute('data-state', 'queued'));
  expect(screen.getByTestId('ready')).toHaveTextContent('Väntar på att skickas');
  expect(screen.queryByTestId('report-ready')).toBeNull();
});

// Covers KW-85
test('a row with a template has its button, others have none, and what is saved can be opened', async () => {
  const { core, user } = await show(
    'holder',
    { id: 'Betyg' },
    { id: 'Intyg', template: words('Tjänstgöringsintyg') },
  );
  const [without, withOne] = screen.getAllByTestId('row');
  expect(within(without as HTMLElement).queryByTestId('template')).toBeNull();
  await user.click(within(withOne as HTMLElement).getByTestId('template'));
  expect(await screen.findByText('Mallen Tjänstgöringsintyg är sparad.')).toBeVisible();
  await user.click(screen.getByTestId('toast-open'));
  expect(core.callsOf('documents.template_open')).toEqual([{}]);
});

// Covers KW-39
test('the officer asks for completion, which is kept while it is written', async () => {
  const { core, user, container } = await show('officer', { id: 'Betyg' }, { id: 'Intyg' });
  await user.click(screen.getByTestId('open-completion'));
  await user.click(screen.getByTestId('confirm-completion'));
  expect(screen.getByText('Kryssa i minst en rad.')).toBeVisible();
  expect(screen.getByText('Skriv vad som saknas.')).toBeVisible();
  await user.click(screen.getByRole('checkbox', { name: 'Intyg' }));
  await user.type(screen.getByTestId('completion-text'), 'Sida 2 saknas.');
  const draft = { case: 'case-1', rows: ['Intyg'], text: 'Sida 2 saknas.' };
  await waitFor(() => expect(core.callsOf('documents.completion_save').at(-1)).toEqual(draft));
  expect(await axeViolations(container)).toEqual([]);
  await user.click(screen.getByTestId('confirm-completion'));
  await waitFor(() => expect(core.callsOf('documents.completion')).toEqual([draft]));
  expect(await screen.findByTestId('asked')).toHaveTextContent('Sida 2 saknas.');
});

// Covers KW-66, KW-74, KW-82
test('the officer adds what came by post, answers a reason, and takes from the archive', async () => {
  const archived = {
    document: 'document-9',
    name: 'betyg.pdf',
    number: '2020-77',
    at: '2020-03-01T09:00:00Z',
    accepted_by: 'Ylva Norén',
  };
  const { core, user } = await show(
    'officer',
    { id: 'Betyg', archive: [archived] },
    { id: 'Intyg', refusal_reasons: [words('Det är ett anställningsbevis.')] },
  );
  const [grades, work] = screen.getAllByTestId('row') as [HTMLElement, HTMLElement];
  core.documents.nextPick = [core.documents.file('skannat.pdf')];
  await user.click(within(grades).getByTestId('add-post'));
  const picked = await within(grades).findByTestId('picked');
  expect(within(picked).queryByTestId('checklist')).toBeNull();
  await user.click(within(grades).getByTestId('take-from-archive'));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('betyg.pdf, ärende 2020-77');
  expect(dialog).toHaveTextContent('godkänt av Ylva Norén');
  expect(await axeViolations(dialog)).toEqual([]);
  await user.click(within(dialog).getByTestId('confirm-take'));
  const take = { case: 'case-1', row: 'Betyg', document: 'document-9' };
  await waitFor(() => expect(core.callsOf('documents.take')).toEqual([take]));

  const given = { case: 'case-1', row: 'Intyg', absence: 'cannot-get', reason: 'Firman är borta.' };
  const { id } = core.documents.explain(given);
  const of = { case: 'case-1', row: 'Intyg', explanation: id };
  core.documents.changeExplanation(of, { state: 'received', mine: false });
  core.announce('documents');
  await user.click(await within(work).findByTestId('refuse-explanation'));
  await user.type(within(work).getByTestId('refusal-text'), 'Fråga en kollega.');
  await user.click(within(work).getByTestId('confirm-refuse'));
  await user.click(await screen.findByTestId('send-refusal'));
  await waitFor(() =>
    expect(core.callsOf('documents.explanation_refuse')).toEqual([
      { ...of, reason: 'Fråga en kollega.' },
    ]),
  );
});

// Covers KW-68, KW-70
test('a usual reason for a refusal is put below what is written', async () => {
  const { core, user } = await show('officer', {
    id: 'Intyg',
    refusal_reasons: [words('Det är ett anställningsbevis.'), words('Underskriften saknas.')],
  });
  core.documents.addDocument('case-1', 'Intyg', { mine: false });
  core.announce('documents');
  await user.click(await screen.findByTestId('refuse'));
  await user.selectOptions(screen.getByTestId('usual-reason'), 'Det är ett anställningsbevis.');
  await user.selectOptions(screen.getByTestId('usual-reason'), 'Underskriften saknas.');
  expect(screen.getByTestId('refusal-text')).toHaveValue(
    'Det är ett anställningsbevis.\n\nUnderskriften saknas.',
  );
});

// Covers KW-39, KW-81
test('messages say how they came about', async () => {
  const core = new FakeCore();
  core.messages.add('case-1', { text: 'Certifikatet är beviljat.', origin: 'decision' });
  core.messages.add('case-1', {
    text: 'Sida 2 saknas.',
    origin: 'completion',
    documents: [words('Tjänstgöringsintyg')],
  });
  core.messages.add('case-1', { text: '', origin: 'ready' }, {});
  const { user } = await showWindow(core);
  await openCase(user, CASE);
  const texts = (await screen.findAllByTestId('message')).map((each) => each.textContent);
  expect(texts.some((each) => each?.includes('Beslut'))).toBe(true);
  expect(texts.some((each) => each?.includes('Gäller: Tjänstgöringsintyg'))).toBe(true);
  expect(texts.some((each) => each?.includes('Allt som begärs är inskickat.'))).toBe(true);
});

// Covers KW-45
test('a reason that was begun can be read and copied though the row takes none any more', async () => {
  const { user } = await show('holder', {
    id: 'Betyg',
    state: 'accepted',
    awaited: false,
    explanation_draft: { absence: 'cannot-get', reason: 'Skolan brann' },
  });
  expect(screen.queryByTestId('send-or-tell')).toBeNull();
  const left = screen.getByTestId('left-reason');
  expect(left).toHaveTextContent('Skolan brann');
  expect(left).toHaveTextContent('Raden tar inte emot något skäl nu.');
  await user.click(within(left).getByTestId('discard-reason'));
  await waitFor(() => expect(screen.queryByTestId('left-reason')).toBeNull());
});
