import type { ChangeView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import styles from './Contact.module.css';
import { isField, labelOf, wordsFor } from './fields';

/** The old beside the new, only what changes (KW-60). */
export function Changes({ changes, label }: { changes: readonly ChangeView[]; label: string }) {
  const { locale } = useLocale();
  const known = changes.flatMap((change) =>
    isField(change.field) ? [{ ...change, field: change.field }] : [],
  );
  return (
    <table className={styles.changes} aria-label={label} data-testid="changes">
      <thead>
        <tr>
          <th scope="col">{m.contact_column_field()}</th>
          <th scope="col">{m.contact_column_now()}</th>
          <th scope="col">{m.contact_column_new()}</th>
        </tr>
      </thead>
      <tbody>
        {known.map(({ field, from, to }) => (
          <tr key={field} data-field={field}>
            <th scope="row">{labelOf(field)}</th>
            <td className={styles.from}>
              <bdi>{wordsFor(field, from, locale)}</bdi>
            </td>
            <td>
              <bdi>{wordsFor(field, to, locale)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
