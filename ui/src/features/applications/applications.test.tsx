import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Offer } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, showWindow } from '../../testing/show';

const OFFER: Offer = {
  service: 'service-1',
  service_name: { sv: 'Personcertifiering', en: 'Certification of persons' },
  scheme: 'f-gas-1',
  name: { sv: 'F-gas, kategori I', en: 'F-gas, category I' },
  identity_number: null,
  undecided: null,
  certificates: [{ case: 'case-1', number: 'FG-1', valid_to: '2031-01-01' }],
  max_text: 2_000,
};

async function showApply(core: FakeCore) {
  const shown = await showWindow(core);
  await shown.user.click(await screen.findByTestId('nav-apply'));
  await screen.findByRole('heading', { level: 1, name: 'Ansök' });
  return shown;
}

// Covers KW-96, KW-97
test('an application is drafted, asked about and sent, and never looks like a case before it is one', async () => {
  const core = new FakeCore();
  core.offers = [OFFER];
  core.sync = { ...core.sync, line: 'offline' };
  const { user, container } = await showApply(core);
  await user.click(await screen.findByTestId('apply-send'));
  expect(await screen.findByText('Välj vad du vill ansöka om.')).toBeVisible();
  await user.selectOptions(screen.getByTestId('apply-what'), 'Förnya FG-1 (F-gas, kategori I)');
  await user.click(screen.getByTestId('apply-send'));
  expect(await screen.findByText(/^Det är inget personnummer/)).toBeVisible();
  await user.type(screen.getByTestId('apply-identity'), '19850312-2387');
  await user.type(screen.getByTestId('apply-text'), 'Hej');
  await user.tab();
  const written = {
    service: 'service-1',
    scheme: 'f-gas-1',
    renews: 'case-1',
    identity_number: '19850312-2387',
    text: 'Hej',
  };
  await waitFor(() => expect(core.application).toEqual(written));
  expect(await axeViolations(container)).toEqual([]);
  await user.click(screen.getByTestId('apply-send'));
  const dialog = await screen.findByRole('alertdialog', {
    name: 'Skicka ansökan om att förnya FG-1 (F-gas, kategori I)?',
  });
  expect(dialog).toHaveTextContent('19850312-2387');
  expect(core.callsOf('applications.send')).toEqual([]);
  await user.click(screen.getByTestId('confirm-apply'));
  await waitFor(() => expect(core.callsOf('applications.send')).toEqual([written]));
  const [row] = await screen.findAllByTestId('application');
  expect(row).toHaveTextContent('Väntar på att skickas');
  await waitFor(() => expect(screen.getByTestId('apply-text')).toHaveValue(''));
  expect(await axeViolations(container)).toEqual([]);
});

test('what was written is there again, and what is refused stands with the reason', async () => {
  const core = new FakeCore();
  core.offers = [OFFER];
  const draft = { service: 'service-1', scheme: 'f-gas-1', renews: null };
  core.application = { ...draft, identity_number: '1985', text: 'Halvvägs' };
  core.addToOutbox({
    state: 'refused',
    kind: 'apply',
    subject: 'Energiexpert',
    number: null,
    case: 'case-new',
    text: 'Förra gången',
    reason: { code: 'already_applied', params: { number: '2026-7' } },
  });
  const { user } = await showApply(core);
  expect(await screen.findByTestId('apply-text')).toHaveValue('Halvvägs');
  expect(screen.getByTestId('apply-identity')).toHaveValue('1985');
  expect(screen.getByTestId('application')).toHaveTextContent(
    'Du har redan ansökt om det här, i ärende 2026-7.',
  );
  await user.click(screen.getByTestId('apply-outbox'));
  expect(await screen.findByTestId('write-again')).toBeVisible();
});

test('a number that the issuer refuses is told at its field, and nothing typed is lost', async () => {
  const core = new FakeCore();
  core.offers = [OFFER];
  core.failOn('applications.send', 'rejected', { rejection: { code: 'identity_number_differs' } });
  const { user } = await showApply(core);
  await user.selectOptions(await screen.findByTestId('apply-what'), 'F-gas, kategori I');
  await user.type(screen.getByTestId('apply-identity'), '198503122387');
  await user.type(screen.getByTestId('apply-text'), 'Hej');
  await user.click(screen.getByTestId('apply-send'));
  await user.click(await screen.findByTestId('confirm-apply'));
  expect(await screen.findByText(/^Numret stämmer inte/)).toBeVisible();
  expect(screen.getByTestId('apply-text')).toHaveValue('Hej');
  expect(screen.getByTestId('apply-identity')).toHaveValue('198503122387');
});

test('what is applied for already cannot be sent again, and a known number is not asked for', async () => {
  const core = new FakeCore();
  core.offers = [{ ...OFFER, identity_number: '19850312-2387', undecided: '2026-7' }];
  const { user } = await showApply(core);
  await user.selectOptions(await screen.findByTestId('apply-what'), 'F-gas, kategori I');
  expect(await screen.findByTestId('apply-undecided')).toHaveTextContent('2026-7');
  expect(screen.getByTestId('apply-send')).toBeDisabled();
  expect(screen.queryByTestId('apply-identity')).toBeNull();
  expect(screen.getByText(/19850312-••••/)).toBeVisible();
});

test('officers have the queue in its place, and who can apply for nothing is told so', async () => {
  const core = new FakeCore();
  const { close } = await showApply(core);
  expect(await screen.findByText('Här finns inget att ansöka om än')).toBeVisible();
  close();
  const officers = new FakeCore();
  if (officers.session.state === 'open') {
    officers.session = { ...officers.session, staff: true };
  }
  await showWindow(officers);
  expect(await screen.findByTestId('nav-queue')).toBeVisible();
  expect(screen.queryByTestId('nav-apply')).toBeNull();
});
