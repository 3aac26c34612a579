import { useEffect } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Notice } from '../../shared/components/Notice';
import { useDrafts } from '../../shared/drafts/drafts-context';
import { useKeepSession } from '../../shared/rpc/use-keep-session';
import type { CodeAsked } from './CodeForm';
import { SessionPage } from './SessionPage';
import { SignInSteps } from './SignInSteps';

type SignInViewProps = {
  /** Where the code went; null while nobody has signed in on this computer. */
  asked: CodeAsked | null;
  /** Whether what was here was erased, as the person had ordered elsewhere. */
  erased: boolean;
};

/** Signing in for the first time; the core's session says which step it is. */
export function SignInView({ asked, erased }: SignInViewProps) {
  const keep = useKeepSession();
  const drafts = useDrafts();
  useEffect(() => {
    if (erased) {
      drafts.forgetAll();
    }
  }, [drafts, erased]);
  return (
    <SessionPage
      title={asked === null ? m.signin_title() : m.code_title()}
      {...(asked === null ? { lead: m.signin_lead() } : {})}
    >
      {erased && <Notice severity="warning">{m.erased_note()}</Notice>}
      <SignInSteps
        purpose="first"
        asked={asked}
        onAnswer={keep}
        onBack={(session) => session !== null && keep(session)}
      />
    </SessionPage>
  );
}
