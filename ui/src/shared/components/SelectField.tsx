import { Check, ChevronDown } from 'lucide-react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';
import field from './Field.module.css';
import styles from './SelectField.module.css';

type Choice = { id: string; name: string };

type SelectFieldProps = {
  label: string;
  choices: readonly Choice[];
  selected: string | null;
  onSelect: (id: string) => void;
  /** Shown while nothing is selected. */
  placeholder?: string;
  testId: string;
  autoFocus?: boolean;
};

/** One choice of a few, in a drop-down list. */
export function SelectField({
  label,
  choices,
  selected,
  onSelect,
  placeholder = '',
  testId,
  autoFocus = false,
}: SelectFieldProps) {
  return (
    <Select
      className={field.field ?? ''}
      value={selected}
      onChange={(key) => {
        if (key !== null) {
          onSelect(String(key));
        }
      }}
      placeholder={placeholder}
      autoFocus={autoFocus}
    >
      <Label className={field.label}>{label}</Label>
      <Button className={styles.button ?? ''} data-testid={testId}>
        <SelectValue className={styles.value ?? ''}>
          {({ isPlaceholder, defaultChildren, selectedText }) =>
            isPlaceholder ? defaultChildren : selectedText
          }
        </SelectValue>
        <ChevronDown size={15} aria-hidden />
      </Button>
      <Popover className={styles.popover ?? ''}>
        <ListBox className={styles.list ?? ''} items={choices}>
          {(choice) => (
            <ListBoxItem
              id={choice.id}
              textValue={choice.name}
              className={styles.item ?? ''}
              data-choice={choice.id}
            >
              <span className={styles.name}>{choice.name}</span>
              {choice.id === selected && <Check size={15} aria-hidden />}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
