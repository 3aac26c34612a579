import { ArrowLeft } from 'lucide-react';
import type { Ref } from 'react';
import type { CaseView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import styles from './Cases.module.css';
import { InfoPanel } from './InfoPanel';

type CaseHeaderProps = {
  item: CaseView;
  /** Back to the list, where list and detail take turns; null where there is none. */
  onBack: (() => void) | null;
  titleRef: Ref<HTMLHeadingElement>;
};

/** What case this is, above all that is done in it. */
export function CaseHeader({ item, onBack, titleRef }: CaseHeaderProps) {
  return (
    <header className={styles.head}>
      {onBack !== null && (
        <div className={styles.back}>
          <Button look="quiet" size="small" onPress={onBack}>
            <ArrowLeft size={15} aria-hidden />
            {m.cases_back()}
          </Button>
        </div>
      )}
      <h1 ref={titleRef} tabIndex={-1} className={styles.title}>
        {item.title}
      </h1>
      <InfoPanel item={item} />
    </header>
  );
}
