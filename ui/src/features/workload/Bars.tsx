import { clsx } from 'clsx';
import { wholeNumber } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import styles from './Workload.module.css';

type Bar = { name: string; parts: number[] };

type BarsProps = {
  /** What each part of a bar is, from the left. */
  series: string[];
  tones: 'stage' | 'age';
  bars: Bar[];
};

/** The drawing's own units; it is stretched to the width that there is. */
const WIDTH = 1_000;
const HEIGHT = 20;

/** Bars from nought, one an officer, in parts. What they say stands in the table below too. */
export function Bars({ series, tones, bars }: BarsProps) {
  const { locale } = useLocale();
  const most = Math.max(1, ...bars.map(({ parts }) => total(parts)));
  return (
    <figure className={styles.chart} data-tones={tones}>
      <figcaption className={styles.legend} aria-hidden>
        {series.map((name, index) => (
          <span key={name} className={styles.key}>
            <svg className={styles.swatch} viewBox="0 0 10 10" aria-hidden="true">
              <rect width="10" height="10" className={clsx(styles.part0, styles[`tone${index}`])} />
            </svg>
            {name}
          </span>
        ))}
      </figcaption>
      {bars.map(({ name, parts }) => (
        <div key={name} className={styles.bar}>
          <span className={styles.who} aria-hidden>
            {name}
          </span>
          <svg
            className={styles.drawing}
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={said(name, series, parts)}
          >
            {parts.map((part, index) => (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts are the series, in their order
                key={index}
                x={(WIDTH * total(parts.slice(0, index))) / most}
                width={(WIDTH * part) / most}
                height={HEIGHT}
                className={clsx(styles.part0, styles[`tone${index}`])}
              />
            ))}
          </svg>
          <span className={styles.number} aria-hidden>
            {wholeNumber(total(parts), locale)}
          </span>
        </div>
      ))}
    </figure>
  );
}

function said(name: string, series: string[], parts: number[]): string {
  const each = series.map((of, index) => `${of} ${parts[index] ?? 0}`);
  return m.workload_bar({ name, count: total(parts), parts: each.join(', ') });
}

function total(parts: readonly number[]): number {
  return parts.reduce((all, part) => all + part, 0);
}
