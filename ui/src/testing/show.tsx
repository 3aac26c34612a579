import type { QueryClient } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import axe from 'axe-core';
import { expect } from 'vitest';
import { invalidateChanged, newQueryClient } from '../shared/rpc/queries';
import { Root } from '../shell/Root';
import type { FakeCore } from './fake-core';

/** The whole window over a fake core, as `main.tsx` sets it up. */
export async function showWindow(
  core: FakeCore,
): Promise<{ user: UserEvent; client: QueryClient; container: HTMLElement; close: () => void }> {
  const client = newQueryClient();
  await core.listen('changed', (changed) => invalidateChanged(client, changed));
  const { container, unmount } = render(<Root platform={core} client={client} />);
  return { user: userEvent.setup(), client, container, close: unmount };
}

/** Goes to the cases, from whatever came first. */
export async function showCases(user: UserEvent): Promise<void> {
  await user.click(await screen.findByTestId('nav-cases'));
}

/** The cases in the list, which is gone to if it is not there. */
export async function findCases(): Promise<HTMLElement[]> {
  await screen.findByTestId('nav-cases');
  if (screen.queryAllByTestId('case').length === 0) {
    await showCases(userEvent.setup());
  }
  return screen.findAllByTestId('case');
}

/** Opens the case with this title. */
export async function openCase(user: UserEvent, title: string): Promise<void> {
  await findCases();
  await user.click(await screen.findByRole('option', { name: new RegExp(title) }));
  await screen.findByRole('heading', { level: 1, name: title });
  await screen.findByTestId('new-message');
}

/** Opens the case with this title and begins a new message; gives the field to write in. */
export async function openNew(user: UserEvent, title: string): Promise<HTMLTextAreaElement> {
  await openCase(user, title);
  await user.click(screen.getByTestId('new-message'));
  return screen.findByTestId<HTMLTextAreaElement>('message-text');
}

/** Opens the case with this title and its documents. */
export async function openDocuments(user: UserEvent, title: string): Promise<void> {
  await openCase(user, title);
  const name = /^(Dokument|Ladda upp intyg)/;
  await user.click(screen.getByRole('tab', { name }));
  const panel = screen.getByRole('tabpanel', { name });
  await waitFor(() => expect(within(panel).queryByTestId('loading')).toBeNull());
}

/** The ids of the accessibility rules that the page breaks. jsdom draws nothing, so not contrast. */
export async function axeViolations(container: HTMLElement): Promise<string[]> {
  const result = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  return result.violations.map(
    (violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' ')}`,
  );
}
