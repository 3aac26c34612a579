import { useQuery } from '@tanstack/react-query';
import { ChartBar, RefreshCw } from 'lucide-react';
import { useId } from 'react';
import type { WorkloadView as Workload, WorkloadRow } from '../../generated/rpc';
import { dateAndTime, wholeNumber } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { usePlatform } from '../../shared/rpc/platform-context';
import { Bars } from './Bars';
import styles from './Workload.module.css';

/** How many undecided cases each officer of the body has, how far they have come and how old they are. */
export default function WorkloadView() {
  const { locale } = useLocale();
  const platform = usePlatform();
  const { data, error, refetch, isFetching } = useQuery<Workload, RpcFault>({
    queryKey: ['workload'],
    queryFn: () => platform.call('queue.workload', {}),
    staleTime: 0,
    gcTime: 0,
  });
  const isEmpty = data?.rows.length === 0;
  return (
    <div className={styles.view} data-scroller>
      <div className={styles.column}>
        <header className={styles.head}>
          <div>
            <h1 tabIndex={-1}>{m.workload_title()}</h1>
            <p className={styles.hint}>
              {m.workload_hint()}
              {data !== undefined && ` ${m.workload_at({ time: dateAndTime(data.at, locale) })}`}
            </p>
          </div>
          {data !== undefined && (
            <Button isPending={isFetching} onPress={() => void refetch()}>
              <RefreshCw size={15} aria-hidden />
              {m.workload_again()}
            </Button>
          )}
        </header>
        {data === undefined && error === null && <Loading />}
        {error !== null &&
          (error.code === 'offline' ? (
            <EmptyState
              icon={ChartBar}
              title={m.workload_offline()}
              action={<Button onPress={() => void refetch()}>{m.banner_try_now()}</Button>}
            />
          ) : (
            <FaultView fault={error} onRetry={() => void refetch()} />
          ))}
        {isEmpty && <EmptyState icon={ChartBar} title={m.workload_empty()} />}
        {data !== undefined && !isEmpty && <Shown rows={data.rows} />}
      </div>
    </div>
  );
}

function Shown({ rows }: { rows: readonly WorkloadRow[] }) {
  const stageId = useId();
  const ageId = useId();
  const named = rows.map((row) => ({ row, name: nameOf(row) }));
  const ages = [m.workload_age_0(), m.workload_age_1(), m.workload_age_2(), m.workload_age_3()];
  const total = rows.reduce((all, row) => all + sum(row.awaited) + sum(row.ready), 0);
  return (
    <>
      <p role="status" data-testid="workload-total">
        {m.workload_total({ count: total })}
      </p>
      <section className={styles.part} aria-labelledby={stageId}>
        <h2 id={stageId} className={styles.title}>
          {m.workload_by_stage()}
        </h2>
        <Bars
          series={[m.workload_ready(), m.workload_awaited()]}
          tones="stage"
          bars={named.map(({ row, name }) => ({
            name,
            parts: [sum(row.ready), sum(row.awaited)],
          }))}
        />
      </section>
      <section className={styles.part} aria-labelledby={ageId}>
        <h2 id={ageId} className={styles.title}>
          {m.workload_by_age()}
        </h2>
        <Bars
          series={ages}
          tones="age"
          bars={named.map(({ row, name }) => ({
            name,
            parts: ages.map((_, age) => (row.awaited[age] ?? 0) + (row.ready[age] ?? 0)),
          }))}
        />
      </section>
      <Table named={named} ages={ages} />
    </>
  );
}

type TableProps = { named: { row: WorkloadRow; name: string }[]; ages: string[] };

/** The same numbers, all of them. */
function Table({ named, ages }: TableProps) {
  const { locale } = useLocale();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={m.workload_table()}>
      <table className={styles.table} data-testid="workload-table">
        <thead>
          <tr>
            <th scope="col">{m.workload_officer()}</th>
            <th scope="col">{m.workload_all()}</th>
            <th scope="col">{m.workload_ready()}</th>
            <th scope="col">{m.workload_awaited()}</th>
            {ages.map((age) => (
              <th key={age} scope="col">
                {age}
              </th>
            ))}
            <th scope="col">{m.workload_oldest()}</th>
          </tr>
        </thead>
        <tbody>
          {named.map(({ row, name }) => (
            <tr key={name} data-testid="workload-row">
              <th scope="row">{name}</th>
              <td>{wholeNumber(sum(row.awaited) + sum(row.ready), locale)}</td>
              <td>{wholeNumber(sum(row.ready), locale)}</td>
              <td>{wholeNumber(sum(row.awaited), locale)}</td>
              {ages.map((age, index) => (
                <td key={age}>
                  {wholeNumber((row.awaited[index] ?? 0) + (row.ready[index] ?? 0), locale)}
                </td>
              ))}
              <td>{m.workload_days({ count: row.oldest_days })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function nameOf(row: WorkloadRow): string {
  if (row.officer === null) {
    return m.workload_nobody();
  }
  return row.mine ? m.workload_me({ name: row.officer }) : row.officer;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
