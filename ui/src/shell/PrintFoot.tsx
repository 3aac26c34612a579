import { longDay, today } from '../i18n/format';
import { useLocale } from '../i18n/locale';
import { m } from '../i18n/paraglide/messages.js';
import { useRead } from '../shared/rpc/queries';
import styles from './OpenShell.module.css';

/** At the foot of each printed page: when, and which case. */
export default function PrintFoot({ caseId, isCase }: { caseId: string | null; isCase: boolean }) {
  const { locale } = useLocale();
  const { data: cases } = useRead('cases.list', {});
  const item = cases?.length === 1 ? cases[0] : cases?.find((each) => each.id === caseId);
  const of = item === undefined || !isCase ? [] : [`${item.title}, ${item.number}`];
  const date = longDay(today(), locale);
  return (
    <p className={styles.foot} aria-hidden>
      {[m.app_name(), ...of, m.print_foot({ date })].join(' · ')}
    </p>
  );
}
