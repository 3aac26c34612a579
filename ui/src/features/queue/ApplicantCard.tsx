import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type {
  ApplicantDetail,
  ApplicantHandled,
  ApplicantRefusal,
  ApplicantView,
  Purpose,
} from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { CheckField } from '../../shared/components/CheckField';
import { FaultView } from '../../shared/components/FaultView';
import { IdentityNumber } from '../../shared/components/IdentityNumber';
import { Loading } from '../../shared/components/Loading';
import { Notice } from '../../shared/components/Notice';
import page from '../../shared/components/Page.module.css';
import { SelectField } from '../../shared/components/SelectField';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { usePlatform } from '../../shared/rpc/platform-context';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Queue.module.css';

/** What each detail is called. */
const LABELS: Record<string, () => string> = {
  name: () => m.field_name(),
  care_of: () => m.field_care_of(),
  street: () => m.field_street(),
  postal_code: () => m.field_postal_code(),
  town: () => m.field_town(),
  country: () => m.field_country(),
  phone: () => m.field_phone(),
  email: () => m.field_email(),
  company_name: () => m.field_company_name(),
  company_number: () => m.field_company_number(),
};

const REASONS: Record<ApplicantRefusal, () => string> = {
  incomplete: () => m.applicant_reason_incomplete(),
  not_verified: () => m.applicant_reason_not_verified(),
  has_account: () => m.applicant_reason_has_account(),
  not_offered: () => m.applicant_reason_not_offered(),
};

type ApplicantCardProps = { id: string; purpose: Purpose; onHandled: () => void };

/** An application as it was filled in, beside what the body knows, and what becomes of it. */
export function ApplicantCard({ id, purpose, onHandled }: ApplicantCardProps) {
  const platform = usePlatform();
  const { data, error, refetch } = useQuery<ApplicantView, RpcFault>({
    queryKey: ['applicants', 'one', id, purpose] as const,
    queryFn: () => platform.call('applicants.show', { id, purpose }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (data === undefined) {
    return error === null ? (
      <Loading />
    ) : (
      <FaultView fault={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <div className={styles.card} data-testid="applicant-card">
      <KnownLine applicant={data} />
      <Details applicant={data} />
      {data.text !== '' && (
        <section>
          <h2 className={styles.cardHead}>{m.applicant_message()}</h2>
          <p className={styles.text}>{data.text}</p>
        </section>
      )}
      <Acts applicant={data} onHandled={onHandled} />
    </div>
  );
}

function KnownLine({ applicant: { known } }: { applicant: ApplicantView }) {
  if (known === null) {
    return <p>{m.applicant_unknown()}</p>;
  }
  const name = known.protected ? m.queue_protected() : known.name;
  return (
    <Notice severity="warning">
      {m.applicant_known({ name })}{' '}
      {known.has_account ? m.applicant_known_account() : m.applicant_known_no_account()}{' '}
      {known.undecided !== null && m.applicant_known_case({ number: known.undecided })}
    </Notice>
  );
}

function Details({ applicant }: { applicant: ApplicantView }) {
  const { locale } = useLocale();
  const compares = applicant.details.some(({ known }) => known !== null);
  const shown = applicant.details.filter(
    ({ value, known }) => value !== '' || (known ?? '') !== '',
  );
  const country = new Intl.DisplayNames([locale], { type: 'region' });
  const words = (field: string, value: string) =>
    value === '' ? m.contact_none() : field === 'country' ? (country.of(value) ?? value) : value;
  return (
    <table className={styles.details}>
      <thead>
        <tr>
          <th scope="col">{m.applicant_column_detail()}</th>
          <th scope="col">{m.applicant_column_given()}</th>
          {compares && <th scope="col">{m.applicant_column_known()}</th>}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{m.panel_identity()}</th>
          {/* The same beside: by it the two are compared. */}
          <td colSpan={compares ? 2 : 1}>
            <IdentityNumber number={applicant.identity_number} />
          </td>
        </tr>
        {shown.map((detail) => (
          <DetailRow key={detail.field} detail={detail} compares={compares} words={words} />
        ))}
      </tbody>
    </table>
  );
}

type DetailRowProps = {
  detail: ApplicantDetail;
  compares: boolean;
  words: (field: string, value: string) => string;
};

function DetailRow({ detail: { field, value, known }, compares, words }: DetailRowProps) {
  const differs = known !== null && known !== value;
  return (
    <tr>
      <th scope="row">{LABELS[field]?.() ?? field}</th>
      <td>{words(field, value)}</td>
      {compares && (
        <td>
          {words(field, known ?? '')}
          {differs && <span className={styles.differs}> {m.applicant_differs()}</span>}
        </td>
      )}
    </tr>
  );
}

function toldBy(handled: ApplicantHandled): string {
  switch (handled.outcome) {
    case 'activated':
      return handled.by_me
        ? handled.invited
          ? m.applicant_activated_invited({ number: handled.number })
          : m.applicant_activated({ number: handled.number })
        : m.applicant_activated_by({ name: handled.by_name, number: handled.number });
    case 'refused':
      return handled.by_me
        ? m.applicant_refused()
        : m.applicant_refused_by({ name: handled.by_name });
    case 'rejected':
      return '';
  }
}

type ActsProps = { applicant: ApplicantView; onHandled: () => void };

function Acts({ applicant, onHandled }: ActsProps) {
  const toast = useToast();
  const activate = useWrite('applicants.activate');
  const refuse = useWrite('applicants.refuse');
  const [checked, setChecked] = useState(false);
  const [refusing, setRefusing] = useState(false);
  const [reason, setReason] = useState<ApplicantRefusal | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const needsCheck = applicant.known?.has_account !== true;
  const isBusy = activate.isPending || refuse.isPending;

  function answered(handled: ApplicantHandled): void {
    if (handled.outcome === 'rejected') {
      const { rejection } = handled;
      const { code, params } = rejection;
      const number = (params as { number?: unknown } | null)?.number;
      setSaid(
        code === 'already_applied'
          ? m.applicant_already({ number: String(number) })
          : rejectionText(rejection),
      );
      return;
    }
    toast({ text: () => toldBy(handled) });
    onHandled();
  }

  function doActivate(): void {
    if (isBusy) {
      return;
    }
    if (needsCheck && !checked) {
      setSaid(m.applicant_need_check());
      return;
    }
    setSaid(null);
    activate.mutate({ id: applicant.id, phone_checked: checked }, { onSuccess: answered });
  }

  function doRefuse(): void {
    if (isBusy) {
      return;
    }
    if (reason === null) {
      setSaid(m.applicant_need_reason());
      return;
    }
    setSaid(null);
    refuse.mutate({ id: applicant.id, reason }, { onSuccess: answered });
  }

  const fault = activate.error ?? refuse.error;
  return (
    <div className={styles.cardActs}>
      {needsCheck && !refusing && (
        <CheckField
          label={m.applicant_check()}
          isChecked={checked}
          onChange={(is) => {
            setChecked(is);
            setSaid(null);
          }}
          testId="applicant-checked"
        />
      )}
      {refusing && (
        <>
          <SelectField
            label={m.applicant_reason()}
            placeholder={m.applicant_reason_choose()}
            choices={Object.entries(REASONS).map(([id, name]) => ({ id, name: name() }))}
            selected={reason}
            onSelect={(id) => {
              setReason(id as ApplicantRefusal);
              setSaid(null);
            }}
            testId="applicant-reason"
          />
          <p className={page.hint}>{m.applicant_refuse_hint()}</p>
        </>
      )}
      {said !== null && <Notice severity="error">{said}</Notice>}
      {fault !== null && <Notice severity="error">{faultText(fault)}</Notice>}
      <div className={styles.buttons}>
        {refusing ? (
          <>
            <Button
              look="danger"
              isPending={refuse.isPending}
              onPress={doRefuse}
              data-testid="applicant-refuse-now"
            >
              {m.applicant_refuse_now()}
            </Button>
            <Button
              onPress={() => {
                setRefusing(false);
                setSaid(null);
              }}
            >
              {m.signin_cancel()}
            </Button>
          </>
        ) : (
          <>
            <Button
              look="primary"
              isPending={activate.isPending}
              onPress={doActivate}
              data-testid="applicant-activate"
            >
              {m.applicant_activate()}
            </Button>
            <Button
              onPress={() => {
                setRefusing(true);
                setSaid(null);
              }}
              data-testid="applicant-refuse"
            >
              {m.applicant_refuse()}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
