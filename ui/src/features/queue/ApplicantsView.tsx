import { useQuery } from '@tanstack/react-query';
import { UserRoundPlus } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ApplicantLine, ApplicantPage, Purpose } from '../../generated/rpc';
import { shortDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import page from '../../shared/components/Page.module.css';
import { usePlatform } from '../../shared/rpc/platform-context';
import { ApplicantCard } from './ApplicantCard';
import styles from './Queue.module.css';

/** The applications by people without an account, at the server. Nothing of it is kept once the view is left. */
export function useApplicants(purpose: Purpose) {
  const platform = usePlatform();
  return useQuery<ApplicantPage, RpcFault>({
    queryKey: ['applicants', purpose] as const,
    queryFn: () => platform.call('applicants.list', { purpose }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Those that wait for an officer, and the one that is looked at. */
export function ApplicantsView({ purpose }: { purpose: Purpose }) {
  const { data, error, refetch } = useApplicants(purpose);
  const [open, setOpen] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  if (data === undefined) {
    return error === null ? (
      <Loading />
    ) : error.code === 'offline' ? (
      <EmptyState
        icon={UserRoundPlus}
        title={m.applicants_offline()}
        action={<Button onPress={() => void refetch()}>{m.banner_try_now()}</Button>}
      />
    ) : (
      <FaultView fault={error} onRetry={() => void refetch()} />
    );
  }
  if (data.total === 0) {
    return (
      <EmptyState
        icon={UserRoundPlus}
        title={m.applicants_empty()}
        hint={m.applicants_empty_hint()}
      />
    );
  }
  return (
    <ul className={page.list} ref={list} tabIndex={-1} aria-label={m.applicants_title()}>
      {data.applicants.map((line) => (
        <ApplicantRow
          key={line.id}
          line={line}
          purpose={purpose}
          isOpen={open === line.id}
          onToggle={() => setOpen(open === line.id ? null : line.id)}
          onHandled={() => {
            setOpen(null);
            // The row goes away with what it was about.
            list.current?.focus();
            void refetch();
          }}
        />
      ))}
    </ul>
  );
}

type ApplicantRowProps = {
  line: ApplicantLine;
  purpose: Purpose;
  isOpen: boolean;
  onToggle: () => void;
  onHandled: () => void;
};

function ApplicantRow({ line, purpose, isOpen, onToggle, onHandled }: ApplicantRowProps) {
  const { locale } = useLocale();
  const confirmed = shortDate(line.confirmed_at, locale, new Date());
  return (
    <li className={styles.applicant} data-testid="applicant-row">
      <div className={styles.applicantHead}>
        <div className={styles.what}>
          <span className={styles.title}>
            {line.name}
            <span className={page.meta}>{line.title[locale]}</span>
          </span>
          <span className={page.meta}>
            {line.renewal ? m.applicant_renewal() : m.applicant_new()} ·{' '}
            {m.applicant_since({ date: confirmed })}
          </span>
        </div>
        <Button
          aria-expanded={isOpen}
          aria-label={
            isOpen
              ? m.applicant_close_label({ name: line.name })
              : m.applicant_open_label({ name: line.name })
          }
          onPress={onToggle}
          data-testid="applicant-open"
        >
          {isOpen ? m.applicant_close() : m.applicant_open()}
        </Button>
      </div>
      {isOpen && <ApplicantCard id={line.id} purpose={purpose} onHandled={onHandled} />}
    </li>
  );
}
