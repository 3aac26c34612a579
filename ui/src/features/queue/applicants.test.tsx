import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { ApplicantView } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

function applicant(id: string, name: string, known: ApplicantView['known'] = null): ApplicantView {
  const held = (value: string) => (known === null ? null : value);
  return {
    id,
    title: { sv: 'Energiexpert', en: 'Energy expert' },
    identity_number: '19811218-9876',
    details: [
      { field: 'name', value: name, known: held(name) },
      { field: 'phone', value: '070-174 06 11', known: held('070-174 06 05') },
      { field: 'care_of', value: '', known: held('') },
      { field: 'country', value: 'SE', known: held('SE') },
    ],
    text: 'Jag har gått <b>kursen</b>.',
    confirmed_at: '2026-11-20T08:00:00Z',
    known,
  };
}

async function showApplicants(...waiting: ApplicantView[]) {
  const core = new FakeCore();
  core.session = { ...core.session, staff: true } as typeof core.session;
  core.applicants.waiting = waiting;
  const shown = await showWindow(core);
  await shown.user.click(await screen.findByTestId('nav-queue'));
  const part = await screen.findByTestId('queue-applicants');
  return { ...shown, core, part };
}

test('the queue says how many wait, and each is made a case once the telephone is checked', async () => {
  const { user, core, part, container } = await showApplicants(
    applicant('a', 'Kerstin Åkerblom'),
    applicant('b', '<i>Ola</i>'),
  );
  expect(await screen.findByText('Nya ansökningar utan konto (2)')).toBeVisible();
  await user.click(part);
  expect(part).toHaveAttribute('aria-pressed', 'true');
  const rows = await screen.findAllByTestId('applicant-row');
  expect(rows[1]).toHaveTextContent('<i>Ola</i>');
  await user.click(screen.getByRole('button', { name: 'Granska ansökan från Kerstin Åkerblom' }));
  const card = await screen.findByTestId('applicant-card');
  expect(within(card).getByText('Jag har gått <b>kursen</b>.')).toBeVisible();
  expect(within(card).getByText('Sverige')).toBeVisible();
  expect(within(card).queryByText('c/o')).toBeNull();
  expect(card).toHaveTextContent('19811218-••••');
  expect(card).not.toHaveTextContent('9876');
  await user.click(within(card).getByTestId('show-identity'));
  expect(card).toHaveTextContent('19811218-9876');
  expect(await axeViolations(container)).toEqual([]);

  await user.click(screen.getByTestId('applicant-activate'));
  expect(await screen.findByText(/Kontrollera telefonnumret och kryssa/)).toBeVisible();
  expect(core.callsOf('applicants.activate')).toEqual([]);
  await user.click(screen.getByTestId('applicant-checked'));
  await user.click(screen.getByTestId('applicant-activate'));
  expect(
    await screen.findByText(/Ärende 2026-7 väntar i kön.*länken till sitt konto/),
  ).toBeVisible();
  expect(core.callsOf('applicants.activate')).toEqual([{ id: 'a', phone_checked: true }]);
  expect(await screen.findAllByTestId('applicant-row')).toHaveLength(1);
});

test('who is known already is told with what differs, and a rule that says no keeps it', async () => {
  const known = { name: 'Åsa', protected: false, has_account: true, undecided: '2026-3' };
  const { user, part } = await showApplicants(applicant('a', 'Åsa', known));
  await user.click(part);
  await user.click(await screen.findByTestId('applicant-open'));
  expect(await screen.findByText(/Personnumret finns redan: Åsa/)).toBeVisible();
  const phone = screen.getByRole('row', { name: /Telefon/ });
  expect(phone).toHaveTextContent('070-174 06 05 (skiljer sig)');
  expect(screen.queryByTestId('applicant-checked')).toBeNull();
  await user.click(screen.getByTestId('applicant-activate'));
  expect(await screen.findByText(/redan ansökt om samma certifiering: 2026-3/)).toBeVisible();
  expect(screen.getByTestId('applicant-row')).toBeVisible();
});

test('a refusal needs a reason, and says who was faster', async () => {
  const { user, core, part } = await showApplicants(applicant('a', 'Ola'));
  core.applicants.fasterBy = 'Annika Sjöberg';
  await user.click(part);
  await user.click(await screen.findByTestId('applicant-open'));
  await user.click(await screen.findByTestId('applicant-refuse'));
  await user.click(screen.getByTestId('applicant-refuse-now'));
  expect(await screen.findByText('Välj ett skäl först.')).toBeVisible();
  await user.selectOptions(screen.getByTestId('applicant-reason'), 'not_verified');
  await user.click(screen.getByTestId('applicant-refuse-now'));
  expect(await screen.findByText('Annika Sjöberg hann före: ansökan är avslagen.')).toBeVisible();
  expect(core.callsOf('applicants.refuse')).toEqual([{ id: 'a', reason: 'not_verified' }]);
  expect(await screen.findByText('Ingen ny ansökan väntar')).toBeVisible();
});

test('without a line it says so', async () => {
  const core = new FakeCore();
  core.session = { ...core.session, staff: true } as typeof core.session;
  core.failOn('applicants.list', 'offline');
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-queue'));
  await user.click(await screen.findByTestId('queue-applicants'));
  expect(await screen.findByText(/^Ansökningarna finns hos servern/)).toBeVisible();
});
