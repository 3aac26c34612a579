import { m } from '../../i18n/paraglide/messages.js';
import { useKeepSession } from '../../shared/rpc/use-keep-session';
import { SessionPage } from './SessionPage';
import { SignInSteps } from './SignInSteps';

type SignInViewProps = {
  /** Where the code went; null while nobody has signed in on this computer. */
  phone: string | null;
};

/** Signing in for the first time; the core's session says which step it is. */
export function SignInView({ phone }: SignInViewProps) {
  const keep = useKeepSession();
  return (
    <SessionPage
      title={phone === null ? m.signin_title() : m.code_title()}
      {...(phone === null ? { lead: m.signin_lead() } : {})}
    >
      <SignInSteps
        purpose="first"
        phone={phone}
        onAnswer={keep}
        onBack={(session) => session !== null && keep(session)}
      />
    </SessionPage>
  );
}
