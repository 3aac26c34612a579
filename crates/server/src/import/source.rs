//! Files as they come from other systems: CSV or JSON Lines, UTF-8 or Windows-1252, one row a line.
//!
//! Read line by line, so that a file of any length takes the same memory. What the rows mean is not known here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    fault::{Expected, Fault},
    rows::Kind,
};

/// Longest line, in bytes.
const LINE_MAX: u64 = 64 * 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A file to take in.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
    form: Form,
    pub(super) encoding: Encoding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    JsonLines,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Windows1252,
}

/// What stands on a line, by column. Columns without a value are left out.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) values: BTreeMap<&'static str, String>,
}

impl Row {
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.values.get(column).map(String::as_str)
    }
}

/// What a line is found to be.
type Read = Result<Row, Fault>;

impl Source {
    /// Looks at a file's name and at how it is written.
    pub(super) fn open(path: &Path) -> io::Result<Result<Self, Fault>> {
        let at_file = |expected| Ok(Err(Fault::at_line(path, 0, expected)));
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let form = match name.rsplit_once('.').map(|(_, end)| end) {
            Some("csv") => Form::Csv,
            Some("jsonl") => Form::JsonLines,
            _ => return at_file(Expected::FileName),
        };
        let Some(kind) = Kind::ALL.into_iter().find(|kind| name.starts_with(kind.name())) else {
            return at_file(Expected::FileName);
        };
        let mut lines = Lines::open(path)?;
        let mut encoding = Encoding::Utf8;
        let mut first = true;
        while let Some(line) = lines.next()? {
            if first && (line.starts_with(b"\xff\xfe") || line.starts_with(b"\xfe\xff")) {
                return at_file(Expected::Encoding);
            }
            first = false;
            if std::str::from_utf8(line).is_err() {
                encoding = Encoding::Windows1252;
                break;
            }
        }
        Ok(Ok(Self { path: path.to_owned(), kind, form, encoding }))
    }

    /// Gives every row, or why it is none, to `take`, in the order of the lines.
    pub(super) fn each(
        &self,
        mut take: impl FnMut(Read) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut lines = Lines::open(&self.path)?;
        let mut header: Option<Header> = None;
        while let Some(bytes) = lines.next()? {
            if bytes.len() as u64 > LINE_MAX {
                take(Err(self.fault(lines.line, Expected::LineTooLong)))?;
                continue;
            }
            let text = match self.decoded(bytes) {
                Some(text) => text,
                None => {
                    take(Err(self.fault(lines.line, Expected::Encoding)))?;
                    continue;
                }
            };
            if text.trim().is_empty() {
                continue;
            }
            match (self.form, &header) {
                (Form::JsonLines, _) => self.object(lines.line, &text, &mut take)?,
                (Form::Csv, Some(header)) => self.record(lines.line, &text, header, &mut take)?,
                (Form::Csv, None) => match self.header(lines.line, &text, &mut take)? {
                    Some(found) => header = Some(found),
                    // without columns no row means anything
                    None => return Ok(()),
                },
            }
        }
        if self.form == Form::Csv && header.is_none() {
            take(Err(self.fault(1, Expected::Header(self.kind))))?;
        }
        Ok(())
    }

    fn fault(&self, line: u64, expected: Expected) -> Fault {
        Fault::at_line(&self.path, line, expected)
    }

    fn decoded(&self, bytes: &[u8]) -> Option<String> {
        match self.encoding {
            Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Encoding::Windows1252 => bytes.iter().map(|byte| windows_1252(*byte)).collect(),
        }
    }

    /// The columns of the first line; `None`, and each fault told, if they cannot be used.
    fn header(
        &self,
        line: u64,
        text: &str,
        take: &mut impl FnMut(Read) -> anyhow::Result<()>,
    ) -> anyhow::Result<Option<Header>> {
        let separator =
            if text.matches(';').count() >= text.matches(',').count() { ';' } else { ',' };
        let Some(fields) = split(text, separator) else {
            take(Err(self.fault(line, Expected::Quote)))?;
            return Ok(None);
        };
        let mut columns = Vec::new();
        let mut seen = BTreeSet::new();
        let mut usable = true;
        for field in fields {
            let name = field.trim().to_lowercase();
            let known = self.kind.columns().iter().find(|column| column.name == name);
            let expected = match known {
                Some(column) if seen.insert(column.name) => {
                    columns.push(column.name);
                    continue;
                }
                Some(_) => Expected::ColumnOnce,
                None => Expected::Column(self.kind),
            };
            usable = false;
            take(Err(self.fault(line, expected).found(&field)))?;
        }
        for column in self.kind.columns().iter().filter(|column| column.required) {
            if !seen.contains(column.name) {
                usable = false;
                take(Err(self.fault(line, Expected::Value).column(column.name)))?;
            }
        }
        Ok(usable.then_some(Header { separator, columns }))
    }

    fn record(
        &self,
        line: u64,
        text: &str,
        header: &Header,
        take: &mut impl FnMut(Read) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Some(fields) = split(text, header.separator) else {
            return take(Err(self.fault(line, Expected::Quote)));
        };
        if fields.iter().all(|field| field.trim().is_empty()) {
            return Ok(());
        }
        if fields.len() != header.columns.len() {
            let expected = Expected::Fields(header.columns.len());
            return take(Err(self.fault(line, expected).found(&fields.len().to_string())));
        }
        let values = header.columns.iter().copied().zip(fields);
        take(Ok(Row { line, values: worth(values) }))
    }

    fn object(
        &self,
        line: u64,
        text: &str,
        take: &mut impl FnMut(Read) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Ok(Value::Object(fields)) = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        else {
            return take(Err(self.fault(line, Expected::Object)));
        };
        let mut values = BTreeMap::new();
        let mut whole = true;
        for (name, value) in fields {
            let known = self.kind.columns().iter().find(|column| column.name == name);
            let fault = match (known, value) {
                (None, _) => self.fault(line, Expected::Column(self.kind)).found(&name),
                (Some(_), Value::Null) => continue,
                (Some(column), Value::String(text)) => {
                    values.insert(column.name, text);
                    continue;
                }
                (Some(column), Value::Bool(is)) => {
                    values.insert(column.name, if is { "yes" } else { "no" }.to_owned());
                    continue;
                }
                (Some(column), Value::Number(number)) => {
                    values.insert(column.name, number.to_string());
                    continue;
                }
                (Some(column), _) => self.fault(line, Expected::Plain).column(column.name),
            };
            whole = false;
            take(Err(fault))?;
        }
        if whole { take(Ok(Row { line, values: worth(values) })) } else { Ok(()) }
    }
}

/// What has a value.
fn worth(
    values: impl IntoIterator<Item = (&'static str, String)>,
) -> BTreeMap<&'static str, String> {
    let trimmed = values.into_iter().map(|(name, value)| (name, value.trim().to_owned()));
    trimmed.filter(|(_, value)| !value.is_empty()).collect()
}

struct Header {
    separator: char,
    columns: Vec<&'static str>,
}

/// The fields of a line; `None` if a quotation mark is not closed on it, or something follows one that closes.
fn split(text: &str, separator: char) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let field = fields.last_mut()?;
        if c == separator {
            fields.push(String::new());
        } else if c == '"' && field.trim().is_empty() {
            field.clear();
            loop {
                match chars.next()? {
                    '"' if chars.next_if_eq(&'"').is_some() => field.push('"'),
                    '"' => break,
                    c => field.push(c),
                }
            }
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            if chars.peek().is_some_and(|c| *c != separator) {
                return None;
            }
        } else {
            field.push(c);
        }
    }
    Some(fields)
}

/// A file's lines without their ends, and without the mark that UTF-8 may begin with.
struct Lines {
    file: BufReader<File>,
    buffer: Vec<u8>,
    line: u64,
}

impl Lines {
    fn open(path: &Path) -> io::Result<Self> {
        // opening a pipe or a device could wait for ever
        if !path.metadata()?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut file = BufReader::new(File::open(path)?);
        if file.fill_buf()?.starts_with(BOM) {
            file.consume(BOM.len());
        }
        Ok(Self { file, buffer: Vec::new(), line: 0 })
    }

    /// The next line. Of one that is too long only the beginning, longer than the longest.
    fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.buffer.clear();
        let most = LINE_MAX.saturating_add(2);
        if (&mut self.file).take(most).read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        self.line = self.line.saturating_add(1);
        if self.buffer.ends_with(b"\n") {
            self.buffer.pop();
            if self.buffer.ends_with(b"\r") {
                self.buffer.pop();
            }
        } else if self.buffer.len() as u64 == most {
            self.file.skip_until(b'\n')?;
        }
        Ok(Some(&self.buffer))
    }
}

/// A character of Windows-1252; `None` for the five bytes that mean nothing in it.
fn windows_1252(byte: u8) -> Option<char> {
    const HIGH: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0',
        '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place))) {
        Some('\0') => None,
        Some(c) => Some(*c),
        None => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_parted_and_quotation_marks_keep_what_parts_them() {
        let fields = |text| split(text, ';').unwrap();
        assert_eq!(fields("a;b;"), ["a", "b", ""]);
        assert_eq!(fields(r#""a;b"; "say ""hej""" ;c"d"#), ["a;b", "say \"hej\"", "c\"d"]);
        assert_eq!(fields("=1+1;<b>x</b>"), ["=1+1", "<b>x</b>"]);
        assert_eq!(split(r#"a;"b"#, ';'), None);
        assert_eq!(split(r#""a"b;c"#, ';'), None);
    }

    #[test]
    fn bytes_of_windows_1252_are_the_characters_that_people_typed() {
        let text: Option<String> = b"\xc5sa \x96 \x80".iter().map(|b| windows_1252(*b)).collect();
        assert_eq!(text.as_deref(), Some("Åsa – €"));
        assert_eq!(windows_1252(0x81), None);
    }
}
