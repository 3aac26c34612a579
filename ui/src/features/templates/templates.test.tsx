import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { TemplateView } from '../../generated/rpc';
import { FakeCore } from '../../testing/fake-core';
import { axeViolations, openNew, showWindow } from '../../testing/show';
import { filledIn, unknownFields, valuesOf } from './fields';

function template(id: string, title: string, text: string, body = 'body-1'): TemplateView {
  const at = '2026-11-20T08:00:00Z';
  const by = 'Göran';
  const changes = { changes: 0, begun_from: 0 };
  return {
    id,
    body,
    title,
    text,
    by,
    at,
    state: 'received',
    reason: null,
    draft: null,
    ...changes,
  };
}

function officers(): FakeCore {
  const core = new FakeCore();
  core.session = { ...core.session, staff: true } as FakeCore['session'];
  core.cases = core.cases.map((each) => ({ ...each, mine_to_handle: true }));
  core.templates = {
    ...core.templates,
    templates: [
      template('t1', 'Komplett', 'Hej {namn}, ärende {ärende} är komplett.'),
      template('t2', 'Påminnelse', 'Vi saknar {sak}.'),
    ],
  };
  return core;
}

test('a template is put into a message with the words of the case, shown before it is sent', async () => {
  const core = officers();
  const { user } = await showWindow(core);
  const field = await openNew(user, 'F-gas, kategori I');
  await user.type(field, 'Tack.');
  const composer = within(screen.getByTestId('composer'));
  await user.click(await composer.findByTestId('pick-template'));
  const dialog = await screen.findByRole('dialog', { name: 'Använd en mall' });
  expect(await axeViolations(dialog)).toEqual([]);
  await user.type(screen.getByTestId('search-template'), 'komp');
  const item = core.cases[0];
  const text = `Hej ${item?.holder}, ärende ${item?.number} är komplett.`;
  await waitFor(() => expect(screen.getByTestId('template-preview')).toHaveTextContent(text));
  await user.click(screen.getByTestId('insert-template'));
  await waitFor(() => expect(field).toHaveValue(`Tack.\n\n${text}`));
  expect(core.callsOf('messages.send')).toEqual([]);
});

test('a template is written, kept while it is, and says which fields are none', async () => {
  const core = officers();
  const { user, container } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-templates'));
  await user.click(await screen.findByTestId('new-template'));
  await user.click(screen.getByTestId('save-template'));
  expect(screen.getByText(/Skriv en rubrik/)).toBeVisible();
  await user.type(screen.getByTestId('template-title'), 'Ny');
  await user.click(screen.getByTestId('save-template'));
  expect(screen.getByText(/Skriv en text/)).toBeVisible();
  await user.type(screen.getByTestId('template-text'), 'Hej {{namn}, {{vem}');
  expect(screen.getByTestId('unknown-fields')).toHaveTextContent('{vem}');
  expect(await axeViolations(container)).toEqual([]);
  await waitFor(() =>
    expect(core.templates.bodies[0]?.draft).toEqual({ title: 'Ny', text: 'Hej {namn}, {vem}' }),
  );
  await user.click(screen.getByTestId('save-template'));
  await waitFor(() => expect(screen.queryByTestId('template-form')).toBeNull());
  expect(core.callsOf('templates.write')).toEqual([
    { body: 'body-1', title: 'Ny', text: 'Hej {namn}, {vem}' },
  ]);
});

test('an officer of two bodies picks whose templates they see and write', async () => {
  const core = officers();
  core.templates = {
    ...core.templates,
    bodies: [
      { id: 'body-1', name: { sv: 'Organ ett', en: 'Body one' }, draft: null },
      { id: 'body-2', name: { sv: 'Organ två', en: 'Body two' }, draft: null },
    ],
    templates: [...core.templates.templates, template('t3', 'Annat', 'Text', 'body-2')],
  };
  const { user, container } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-templates'));
  await waitFor(() => expect(screen.getAllByTestId('template')).toHaveLength(2));
  await user.selectOptions(screen.getByLabelText('Certifieringsorgan'), 'Organ två');
  expect(screen.getByTestId('template')).toHaveTextContent('Annat');
  expect(await axeViolations(container)).toEqual([]);
  await user.click(screen.getByTestId('new-template'));
  await user.type(screen.getByTestId('template-title'), 'Ny');
  await user.type(screen.getByTestId('template-text'), 'Hej');
  await user.selectOptions(screen.getByLabelText('Certifieringsorgan'), 'Organ ett');
  expect(screen.queryByTestId('template-form')).toBeNull();
  await user.selectOptions(screen.getByLabelText('Certifieringsorgan'), 'Organ två');
  expect(screen.getByTestId('template-title')).toHaveValue('Ny');
  await user.click(screen.getByTestId('save-template'));
  await waitFor(() =>
    expect(core.callsOf('templates.write')).toEqual([{ body: 'body-2', title: 'Ny', text: 'Hej' }]),
  );
});

test('what a colleague has changed meanwhile is shown before it is written over', async () => {
  const core = officers();
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-templates'));
  await user.click(await screen.findByRole('button', { name: 'Ändra mallen Komplett' }));
  await user.type(screen.getByTestId('template-text'), ' Mitt.');
  const [first, second] = core.templates.templates;
  if (first === undefined || second === undefined) {
    throw new Error('two templates');
  }
  const theirs = { ...first, by: 'Annika', text: 'Deras.', changes: 1 };
  core.templates = { ...core.templates, templates: [theirs, second] };
  core.announce('cases');
  await waitFor(() => expect(screen.getByTestId('template-now')).toHaveTextContent('Deras.'));
  const form = within(screen.getByTestId('template-form'));
  await user.click(form.getByTestId('save-template'));
  await waitFor(() => expect(core.callsOf('templates.change')[0]?.changes).toBe(0));
});

test('templates are searched and removed, and removing asks first', async () => {
  const core = officers();
  const { user } = await showWindow(core);
  await user.click(await screen.findByTestId('nav-templates'));
  await user.type(await screen.findByTestId('templates-search'), 'påmin');
  await waitFor(() => expect(screen.getAllByTestId('template')).toHaveLength(1));
  await user.click(screen.getByRole('button', { name: 'Ta bort mallen Påminnelse' }));
  await user.click(await screen.findByTestId('confirm-remove-template'));
  await waitFor(() => expect(core.callsOf('templates.remove')).toEqual([{ template: 't2' }]));
});

test('fields are filled in whatever their capitals; what is none stays', () => {
  const item = new FakeCore().cases[0];
  if (item === undefined) {
    throw new Error('no case');
  }
  const values = valuesOf({ ...item, officer: null }, new Date(2026, 10, 22));
  const text = filledIn('{Datum}, { NAMN }, {handläggare}, {sak}', values);
  expect(text).toBe(`22 november 2026, ${item.holder}, {handläggare}, {sak}`);
  expect(unknownFields('{sak} {namn} {sak} { x\n}')).toEqual(['{sak}']);
});

test('the applicant has no templates and no notes', async () => {
  const { user } = await showWindow(new FakeCore());
  await openNew(user, 'F-gas, kategori I');
  expect(screen.queryByTestId('pick-template')).toBeNull();
  expect(screen.queryByTestId('tab-notes')).toBeNull();
  expect(screen.queryByTestId('nav-templates')).toBeNull();
  expect(screen.queryByTestId('nav-workload')).toBeNull();
});
