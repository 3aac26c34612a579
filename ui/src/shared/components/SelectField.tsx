import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import field from './Field.module.css';
import styles from './SelectField.module.css';

type Choice = { id: string; name: string };

type SelectFieldProps = {
  label: string;
  choices: readonly Choice[];
  selected: string | null;
  onSelect: (id: string) => void;
  /** Stands there while nothing is selected. */
  placeholder?: string;
  testId: string;
};

/** One choice of a few. The system's own list: every keyboard and screen reader knows it. */
export function SelectField({
  label,
  choices,
  selected,
  onSelect,
  placeholder = '',
  testId,
}: SelectFieldProps) {
  const id = useId();
  return (
    <div className={field.field}>
      <label className={field.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.control}>
        <select
          id={id}
          className={styles.select}
          value={selected ?? ''}
          onChange={(event) => onSelect(event.target.value)}
          data-testid={testId}
        >
          {selected === null && (
            <option value="" disabled>
              {placeholder}
            </option>
          )}
          {choices.map((choice) => (
            <option key={choice.id} value={choice.id}>
              {choice.name}
            </option>
          ))}
        </select>
        <ChevronDown size={15} aria-hidden />
      </div>
    </div>
  );
}
