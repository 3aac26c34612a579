import { m } from '../../i18n/paraglide/messages.js';
import { SessionPage } from './SessionPage';
import { SignInForm } from './SignInForm';

/** Nobody has signed in on this computer. */
export function SignInView() {
  return (
    <SessionPage title={m.signin_title()} lead={m.signin_lead()}>
      <SignInForm purpose="first" />
    </SessionPage>
  );
}
