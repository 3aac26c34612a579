import { Search } from 'lucide-react';
import { Input, SearchField } from 'react-aria-components';
import { m } from '../../i18n/paraglide/messages.js';
import styles from './Templates.module.css';

type SearchLineProps = { value: string; onChange: (value: string) => void; testId: string };

export function SearchLine({ value, onChange, testId }: SearchLineProps) {
  return (
    <SearchField
      className={styles.search ?? ''}
      aria-label={m.templates_search()}
      value={value}
      onChange={onChange}
    >
      <Search size={15} aria-hidden />
      <Input
        className={styles.input ?? ''}
        placeholder={m.templates_search()}
        maxLength={100}
        data-testid={testId}
      />
    </SearchField>
  );
}
