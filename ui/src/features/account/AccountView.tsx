import { useEffect, useRef } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { Notice } from '../../shared/components/Notice';
import page from '../../shared/components/Page.module.css';
import { useRead } from '../../shared/rpc/queries';
import styles from './Account.module.css';
import { CodeApp } from './CodeApp';
import { Devices } from './Devices';
import { PasswordForm } from './PasswordForm';
import { RecoveryCodes } from './RecoveryCodes';

/** The person's own account at the server: the password, and the computers they are signed in on. */
export function AccountView() {
  const { data: sync } = useRead('sync.state', {});
  const { data: account, error, refetch } = useRead('account.state', {});
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The page is fetched when it is first asked for: what had the focus has gone meanwhile.
    if (document.activeElement === document.body) {
      title.current?.focus();
    }
  }, []);
  const line = sync?.line;
  const isStuck = error !== null;
  useEffect(() => {
    // Nothing of the account is kept here: once the line is back it is asked for again.
    if (line === 'online' && isStuck) {
      void refetch();
    }
  }, [line, isStuck, refetch]);
  return (
    <div className={page.view}>
      <div className={page.column}>
        <header className={styles.head}>
          <h1 ref={title} tabIndex={-1}>
            {m.account_label()}
          </h1>
          {account !== undefined && (
            <p>
              {account.totp
                ? m.account_lead_totp({ name: account.user_name })
                : m.account_lead({ name: account.user_name, phone: account.phone })}
            </p>
          )}
        </header>
        {line === 'offline' && <Notice severity="warning">{m.account_offline()}</Notice>}
        <section className={styles.section} aria-labelledby="account-password">
          <h2 id="account-password">{m.account_password_title()}</h2>
          <PasswordForm userName={account?.user_name ?? ''} />
        </section>
        {account !== undefined && (
          <section className={styles.section} aria-labelledby="account-factor">
            <h2 id="account-factor">{m.factor_title()}</h2>
            <CodeApp isConnected={account.totp} />
            <RecoveryCodes left={account.recovery_codes} />
          </section>
        )}
        <section className={styles.section} aria-labelledby="account-devices">
          <h2 id="account-devices">{m.devices_title()}</h2>
          {account !== undefined && <Devices devices={account.devices} />}
          {account === undefined && error === null && <Loading />}
          {account === undefined && error !== null && (
            <FaultView fault={error} onRetry={() => void refetch()} />
          )}
        </section>
      </div>
    </div>
  );
}
