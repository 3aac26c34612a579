import { type ReactNode, useEffect, useRef } from 'react';
import styles from './Page.module.css';

type PageProps = { title: string; lead?: string; children: ReactNode; testId: string };

/** A page that is fetched when it is first asked for: one column under its title. */
export function Page({ title, lead, children, testId }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // What had the focus has gone meanwhile.
    if (document.activeElement === document.body) {
      heading.current?.focus();
    }
  }, []);
  return (
    <div className={styles.view} data-scroller>
      <div className={styles.column} data-testid={testId}>
        <header className={styles.section}>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        </header>
        {children}
      </div>
    </div>
  );
}

type SectionProps = { title: string; lead?: string; children: ReactNode; testId?: string };

/** A part of a page. */
export function Section({ title, lead, children, testId }: SectionProps) {
  return (
    <section className={styles.section} {...(testId !== undefined && { 'data-testid': testId })}>
      <h2>{title}</h2>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      {children}
    </section>
  );
}
