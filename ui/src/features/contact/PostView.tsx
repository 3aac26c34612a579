import { Mailbox, MailCheck, ShieldAlert } from 'lucide-react';
import type { LetterView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { Notice } from '../../shared/components/Notice';
import page from '../../shared/components/Page.module.css';
import { StateChip } from '../../shared/components/StateChip';
import { useToast } from '../../shared/components/Toasts';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useRead, useWrite } from '../../shared/rpc/queries';
import styles from './Contact.module.css';

type PostViewProps = { onShowCase: (caseId: string) => void };

/** The letters that somebody at the body is to post, to people who are not reached by e-mail (KW-25). */
export default function PostView({ onShowCase }: PostViewProps) {
  const { data, error, refetch } = useRead('contact.post', {});
  if (data === undefined) {
    return error === null ? (
      <Loading />
    ) : (
      <FaultView fault={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <div className={page.view} data-testid="post">
      <div className={page.column}>
        <header className={page.head}>
          <h1 tabIndex={-1}>{m.post_title()}</h1>
          {data.letters.length > 0 && <p className={page.hint}>{m.post_lead()}</p>}
        </header>
        {data.letters.length === 0 ? (
          <EmptyState icon={Mailbox} title={m.post_empty()} hint={m.post_empty_hint()} />
        ) : (
          <ul className={page.list} aria-label={m.post_title()}>
            {data.letters.map((letter) => (
              <Letter key={letter.letter} letter={letter} onShowCase={onShowCase} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

const ABOUT: ReadonlyMap<string, () => string> = new Map([
  ['message', () => m.post_about_message()],
  ['document', () => m.post_about_document()],
  ['event', () => m.post_about_event()],
  ['case', () => m.post_about_case()],
]);

type LetterProps = PostViewProps & { letter: LetterView };

function Letter({ letter, onShowCase }: LetterProps) {
  const { locale } = useLocale();
  const toast = useToast();
  const posted = useWrite('contact.posted');
  const { number, case: caseId } = letter;
  return (
    <li className={styles.letter} data-testid="letter">
      <div className={styles.head}>
        <h2 className={styles.blockTitle}>{number}</h2>
        <span>{(ABOUT.get(letter.about) ?? m.post_about_other)()}</span>
        <span className={styles.meta}>
          {m.post_since({ time: dateAndTime(letter.at, locale) })}
        </span>
        {letter.protected && (
          <Chip tone="bad" icon={ShieldAlert}>
            {m.contact_protected()}
          </Chip>
        )}
        {letter.state !== null && <StateChip state={letter.state} />}
      </div>
      {letter.address.length === 0 ? (
        <p className={styles.meta}>{m.post_address_elsewhere()}</p>
      ) : (
        <address className={styles.address}>
          {letter.address.map((line) => (
            <bdi key={line}>{line}</bdi>
          ))}
        </address>
      )}
      <div className={styles.actions}>
        {(letter.state === null || letter.state === 'refused') && (
          <Button
            aria-label={m.post_done_label({ number })}
            isPending={posted.isPending}
            onPress={() =>
              posted.mutate(
                { letter: letter.letter },
                { onSuccess: () => toast({ text: () => m.post_done_here({ number }) }) },
              )
            }
            data-testid="posted"
          >
            <MailCheck size={15} aria-hidden />
            {m.post_done()}
          </Button>
        )}
        {caseId !== null && (
          <Button
            look="quiet"
            aria-label={m.post_show_case_label({ number })}
            onPress={() => onShowCase(caseId)}
          >
            {m.post_show_case()}
          </Button>
        )}
      </div>
      {posted.error !== null && (
        <Notice severity={FAULTS[posted.error.code]?.severity ?? 'error'}>
          {faultText(posted.error)}
        </Notice>
      )}
    </li>
  );
}
