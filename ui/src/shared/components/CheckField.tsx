import { useId } from 'react';
import styles from './CheckField.module.css';

type CheckFieldProps = {
  label: string;
  isChecked: boolean;
  isDisabled?: boolean;
  onChange: (isChecked: boolean) => void;
  testId: string;
};

/** Yes or no. The system's own box: every keyboard and screen reader knows it. */
export function CheckField({
  label,
  isChecked,
  isDisabled = false,
  onChange,
  testId,
}: CheckFieldProps) {
  const id = useId();
  return (
    <div className={styles.check}>
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        data-testid={testId}
      />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}
