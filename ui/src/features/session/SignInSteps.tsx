import { useState } from 'react';
import type { SessionView, SignIn } from '../../generated/rpc';
import type { RpcFault } from '../../platform';
import { type CodeAsked, CodeForm } from './CodeForm';
import { SignInForm } from './SignInForm';
import { DEFAULT_SERVER, type Purpose } from './sign-in-fields';

type SignInStepsProps = {
  purpose: Purpose;
  server?: string;
  /** Whether a PIN or a passphrase is chosen; in the first sign-in the form finds out. */
  keyring?: boolean;
  /** The code that is asked for; null in the first step. */
  asked: CodeAsked | null;
  onAnswer: (session: SessionView) => void;
  /** Back from the code to the first step; null where the sign-in came to an end by itself. */
  onBack: (session: SessionView | null) => void;
  /** Where there is something to go back to from the first step. */
  onCancel?: () => void;
};

/** User name and password, then the code. Going back keeps who the person is, not the secrets. */
export function SignInSteps({
  purpose,
  server = DEFAULT_SERVER,
  keyring = true,
  asked,
  onAnswer,
  onBack,
  onCancel,
}: SignInStepsProps) {
  const [values, setValues] = useState<SignIn>({
    server,
    user_name: '',
    password: '',
    passphrase: '',
    keyring,
  });
  const [refusal, setRefusal] = useState<RpcFault | null>(null);
  if (asked !== null) {
    return (
      <CodeForm
        asked={asked}
        onAnswer={onAnswer}
        onBack={onBack}
        onEnded={(fault) => {
          setRefusal(fault);
          onBack(null);
        }}
      />
    );
  }
  return (
    <SignInForm
      purpose={purpose}
      values={values}
      refusal={refusal}
      onForgetRefusal={() => setRefusal(null)}
      onChange={(field, value) => setValues((current) => ({ ...current, [field]: value }))}
      onAnswer={(session) => {
        setValues((current) => ({ ...current, password: '', passphrase: '' }));
        onAnswer(session);
      }}
      {...(onCancel === undefined ? {} : { onCancel })}
    />
  );
}
