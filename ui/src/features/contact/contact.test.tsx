import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { newProposal } from '../../testing/fake-contact';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openCase, showWindow } from '../../testing/show';

const CASE = 'F-gas, kategori I';

async function openContact(user: UserEvent): Promise<HTMLElement> {
  await openCase(user, CASE);
  await user.click(screen.getByTestId('tab-address'));
  return screen.findByTestId('contact');
}

async function show(prepare: (core: FakeCore) => void = () => undefined) {
  const core = new FakeCore();
  prepare(core);
  const shown = await showWindow(core);
  const contact = await openContact(shown.user);
  return { core, contact, ...shown };
}

function asOfficer(core: FakeCore): void {
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  core.contact.isOfficer = true;
  core.session = { ...core.session, staff: true } as typeof core.session;
}

async function retype(user: UserEvent, testId: string, text: string): Promise<void> {
  const field = screen.getByTestId(testId);
  await user.clear(field);
  await user.type(field, text);
}

/** Covers KW-57, KW-58 */
test('every detail is shown, and a person without a company has no company block', async () => {
  const { core, contact, user } = await show();
  expect(screen.getByRole('tab', { name: 'Din adress' })).toBeVisible();
  expect(within(contact).getByTestId('detail-street')).toHaveTextContent('Kopparvägen 12');
  expect(within(contact).getByTestId('detail-country')).toHaveTextContent('Sverige');
  expect(within(contact).getByTestId('detail-billing')).toHaveTextContent('Samma adress');
  expect(within(contact).getByTestId('detail-channel')).toHaveTextContent('Digital');
  expect(within(contact).queryByRole('region', { name: 'Företag' })).toBeNull();
  expect(within(contact).queryByTestId('detail-billing_street')).toBeNull();
  expect(await axeViolations(contact)).toEqual([]);

  core.contact.details = { ...core.contact.details, company_name: 'Kyl AB', billing: 'other' };
  core.announce('contact');
  expect(await within(contact).findByRole('region', { name: 'Företag' })).toBeVisible();
  expect(within(contact).getByTestId('detail-billing_street')).toHaveTextContent('Ej angivet');
  await user.click(screen.getByTestId('change-contact'));
  expect(await screen.findByTestId('contact-company_name')).toHaveValue('Kyl AB');
});

/** Covers KW-59, KW-60, KW-61 */
test('a change goes in two steps, and nothing leaves before the second', async () => {
  const { core, contact, user } = await show();
  await user.click(screen.getByRole('button', { name: 'Ändra personuppgifter' }));
  const form = await screen.findByTestId('contact-form');
  expect(screen.getByTestId('contact-town')).toHaveValue('Falun');
  expect(screen.getByRole('heading', { name: 'Ändra personuppgifter' })).toHaveFocus();
  expect(await axeViolations(form)).toEqual([]);
  await user.click(screen.getByTestId('contact-continue'));
  expect(await screen.findByText('Du har inte ändrat något.')).toBeVisible();

  await retype(user, 'contact-town', 'Umeå');
  await user.selectOptions(screen.getByTestId('contact-channel'), 'analog');
  await user.click(screen.getByTestId('contact-continue'));
  expect(await screen.findByRole('heading', { name: 'Kontrollera ändringarna' })).toHaveFocus();
  const rows = within(screen.getByTestId('changes')).getAllByRole('row').slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    'PostortFalunUmeå',
    'Besked om nyheterDigital: med e-postAnalog: med brev',
  ]);
  expect(core.callsOf('contact.propose')).toEqual([]);
  await user.click(screen.getByTestId('contact-back'));
  expect(screen.getByTestId('contact-town')).toHaveValue('Umeå');
  await user.click(screen.getByTestId('contact-continue'));
  await user.click(await screen.findByTestId('contact-save'));

  const proposal = await screen.findByTestId('proposal');
  expect(proposal).toHaveTextContent('Väntar på att skickas');
  expect(within(contact).getByTestId('detail-town')).toHaveTextContent('Falun');
  await waitFor(() => expect(screen.getByTestId('change-contact')).toHaveFocus());
  const [sent] = core.callsOf('contact.propose');
  expect(JSON.parse(sent?.text ?? '')).toEqual({ town: 'Umeå', channel: 'analog' });
  core.move('received');
  await waitFor(() => expect(proposal).toHaveTextContent('Väntar på handläggning'));
  expect(screen.getByTestId('change-contact')).toHaveTextContent('Ändra förslaget');
  expect(await axeViolations(contact)).toEqual([]);
  await user.click(screen.getByTestId('change-contact'));
  expect(await screen.findByTestId('contact-town')).toHaveValue('Umeå');
});

test('a detail that cannot be used is named, and gets the focus', async () => {
  const { core, user } = await show();
  await user.click(screen.getByTestId('change-contact'));
  await retype(user, 'contact-phone', 'ring mig');
  await user.click(screen.getByTestId('contact-continue'));
  const field = screen.getByTestId('contact-phone');
  await waitFor(() => expect(field).toHaveFocus());
  expect(field).toHaveAccessibleDescription(/Skriv telefonnumret med riktnummer/);
  expect(screen.getByText('En uppgift behöver rättas.')).toBeVisible();
  await retype(user, 'contact-phone', '08-123 456 78');
  await waitFor(() => expect(screen.queryByText('En uppgift behöver rättas.')).toBeNull());
  expect(core.callsOf('contact.propose')).toEqual([]);
});

/** Covers KW-59 */
test('what is typed is kept, asked about, thrown away and brought back', async () => {
  const { core, user, close } = await show();
  await user.click(screen.getByTestId('change-contact'));
  await retype(user, 'contact-town', 'Umeå');
  await waitFor(() => expect(core.contact.draft).toBe('{"town":"Umeå"}'));
  close();

  const again = await showWindow(core);
  await openContact(again.user);
  expect(screen.getByText(/sparat som utkast/)).toBeVisible();
  await again.user.click(screen.getByRole('button', { name: 'Fortsätt ändra' }));
  expect(await screen.findByTestId('contact-town')).toHaveValue('Umeå');
  await again.user.click(screen.getByTestId('contact-cancel'));
  const question = await screen.findByRole('alertdialog', { name: 'Vill du sluta ändra?' });
  expect(await axeViolations(question)).toEqual([]);
  await again.user.click(screen.getByTestId('confirm-discard'));
  await waitFor(() => expect(core.contact.draft).toBe(''));
  await again.user.click(await screen.findByRole('button', { name: 'Ångra' }));
  await waitFor(() => expect(core.contact.draft).toBe('{"town":"Umeå"}'));
});

/** Covers KW-61 */
test('the holder takes a proposal back from the outbox, or later from the server', async () => {
  const change = { field: 'town', from: 'Falun', to: 'Umeå' };
  const { core, user } = await show((core) => {
    core.contact.proposal = newProposal([change], 'queued', 'command-9');
  });
  await user.click(screen.getByTestId('withdraw-proposal'));
  await waitFor(() => expect(core.callsOf('outbox.withdraw')).toEqual([{ command: 'command-9' }]));
  core.contact.proposal = newProposal([change], 'received');
  core.announce('contact');
  await waitFor(() =>
    expect(screen.getByTestId('proposal')).toHaveAttribute('data-state', 'received'),
  );
  await user.click(screen.getByTestId('withdraw-proposal'));
  await waitFor(() => expect(core.callsOf('contact.withdraw')).toHaveLength(1));
  expect(screen.getByTestId('proposal')).toHaveTextContent('Du har tagit tillbaka ändringen.');
});

/** Covers KW-61 */
test('the officer sees old and new, accepts or refuses with a reason, and no form', async () => {
  const change = { field: 'street', from: 'Kopparvägen 12', to: '<b>Nygatan</b> 1' };
  const { core, contact, user } = await show((core) => {
    asOfficer(core);
    core.contact.isProtected = true;
    core.contact.proposal = newProposal([change], 'received');
  });
  expect(screen.getByRole('tab', { name: 'Kontaktuppgifter' })).toBeVisible();
  expect(contact).toHaveTextContent('Skyddade personuppgifter');
  expect(screen.queryByTestId('change-contact')).toBeNull();
  expect(screen.getByTestId('changes')).toHaveTextContent('<b>Nygatan</b> 1');
  expect(await axeViolations(contact)).toEqual([]);

  await user.click(screen.getByTestId('refuse-proposal'));
  await user.click(await screen.findByTestId('confirm-refuse-proposal'));
  expect(await screen.findByText('Skriv varför ändringen inte godkänns.')).toBeVisible();
  await user.type(screen.getByTestId('proposal-reason'), 'Gatan finns inte.');
  await waitFor(() => expect(core.contact.reason).toBe('Gatan finns inte.'));
  await user.click(screen.getByTestId('confirm-refuse-proposal'));
  const proposal = screen.getByTestId('proposal');
  await waitFor(() => expect(proposal).toHaveTextContent('Du har inte godkänt ändringen.'));
  // on what stood on the screen
  const changes = [{ field: 'street', from: 'Kopparvägen 12', to: '<b>Nygatan</b> 1' }];
  expect(core.callsOf('contact.refuse')).toEqual([
    { case: 'case-1', proposal: 'proposal-1', changes, reason: 'Gatan finns inte.' },
  ]);
  core.move('received');
  await waitFor(() => expect(proposal).toHaveTextContent('Inte godkänd av Göran Hägglund'));
});

/** Covers KW-25 */
test('letters to post are listed with their addresses and marked as posted', async () => {
  const core = new FakeCore();
  asOfficer(core);
  const letter = {
    letter: 'letter-1',
    case: 'case-1',
    number: '2026-10482',
    about: 'message',
    at: '2026-11-22T13:00:00Z',
    protected: false,
    address: ['Åsa Lindqvist', 'Kopparvägen 12', '791 42 FALUN'],
    state: null,
  };
  core.contact.letters = [
    letter,
    { ...letter, letter: 'letter-2', case: null, number: '2026-7', address: [] },
  ];
  const { user, container } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-post'));
  expect(await screen.findByRole('heading', { level: 1, name: 'Brev att posta' })).toBeVisible();
  const [first, second] = screen.getAllByTestId('letter');
  expect(first).toHaveTextContent('Kopparvägen 12');
  expect(second).toHaveTextContent('Adressen ser den som handlägger ärendet.');
  expect(await axeViolations(container)).toEqual([]);
  await user.click(
    screen.getByRole('button', { name: 'Markera brevet i ärende 2026-10482 som postat' }),
  );
  await waitFor(() => expect(first).toHaveTextContent('Väntar på att skickas'));
  await user.click(screen.getByRole('button', { name: 'Visa ärende 2026-10482' }));
  expect(await screen.findByRole('heading', { level: 1, name: CASE })).toBeVisible();
});

/** Covers KW-34 */
test('an applicant has exactly four tabs, in the order in which the handbook names them', async () => {
  const { user } = await showWindow(new FakeCore());
  await openCase(user, CASE);
  const tabs = screen.getAllByRole('tab').map((tab) => tab.textContent);
  expect(tabs).toEqual(['Meddelanden', 'Arkiv', 'Din adress', 'Ladda upp intyg']);
});
