import type { ExportDone } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Bar } from '../../shared/components/Bar';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { Section } from '../../shared/components/Page';
import { faultText } from '../../shared/errors/faults';
import { useRead, useWrite } from '../../shared/rpc/queries';
import styles from './Settings.module.css';

/** Everything that is the person's, in one file where they want it. */
export function ExportBox() {
  const { data: state } = useRead('export.state', {});
  const start = useWrite('export.start');
  const cancel = useWrite('export.cancel');
  const running = state?.running ?? null;
  return (
    <Section title={m.export_title()} lead={m.export_lead()} testId="export">
      <p className={styles.note}>{m.export_warning()}</p>
      {running === null ? (
        <div className={styles.acts}>
          <Button
            isPending={start.isPending}
            onPress={() => start.mutate({})}
            data-testid="export-start"
          >
            {m.export_start()}
          </Button>
        </div>
      ) : (
        <>
          <p role="status">
            {running.total === 0
              ? m.export_begins()
              : m.export_running({ done: running.done, total: running.total })}
          </p>
          <Bar value={running.done} max={Math.max(1, running.total)} />
          <div className={styles.acts}>
            <Button onPress={() => cancel.mutate({})} data-testid="export-cancel">
              {m.export_cancel()}
            </Button>
          </div>
        </>
      )}
      <div role="status">
        {running === null && start.data?.saved === true && <Done done={start.data} />}
        {running === null && start.error !== null && (
          <Notice severity="error">{faultText(start.error)}</Notice>
        )}
      </div>
    </Section>
  );
}

function Done({ done }: { done: ExportDone }) {
  return (
    <>
      <p data-testid="export-done">{m.export_done({ count: done.cases, files: done.files })}</p>
      {done.missing.length > 0 && (
        <Notice severity="warning">
          {m.export_missing({ count: done.missing.length, names: done.missing.join(', ') })}
        </Notice>
      )}
    </>
  );
}
