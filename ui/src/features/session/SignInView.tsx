import { useQueryClient } from '@tanstack/react-query';
import type { SessionView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { queryKey } from '../../shared/rpc/queries';
import { SessionPage } from './SessionPage';
import { SignInSteps } from './SignInSteps';

type SignInViewProps = {
  /** Where the code went; null while nobody has signed in on this computer. */
  phone: string | null;
};

/** Signing in for the first time; the core's session says which step it is. */
export function SignInView({ phone }: SignInViewProps) {
  const client = useQueryClient();
  const keep = (session: SessionView) =>
    client.setQueryData(queryKey('session.state', {}), session);
  return (
    <SessionPage
      title={phone === null ? m.signin_title() : m.code_title()}
      {...(phone === null ? { lead: m.signin_lead() } : {})}
    >
      <SignInSteps purpose="first" phone={phone} onAnswer={keep} onBack={keep} />
    </SessionPage>
  );
}
