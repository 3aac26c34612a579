import { FileSpreadsheet, FileText, FileX2, type LucideIcon } from 'lucide-react';
import { fileSize } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import styles from './Card.module.css';

type FileNameProps = { name: string; bytes: number; format: string | null };

const ICONS: Record<string, LucideIcon> = {
  pdf: FileText,
  doc: FileText,
  docx: FileText,
  xls: FileSpreadsheet,
  xlsx: FileSpreadsheet,
};

/** What a file is called, what it is and how large. */
export function FileName({ name, bytes, format }: FileNameProps) {
  const { locale } = useLocale();
  const Icon = format === null ? FileX2 : (ICONS[format] ?? FileText);
  return (
    <span className={styles.file}>
      <Icon size={18} aria-hidden />
      <span className={styles.name}>{name}</span>
      <span className={styles.size}>
        {format !== null && `${format.toUpperCase()}, `}
        {fileSize(bytes, locale)}
      </span>
    </span>
  );
}
