//! Word and Excel before 2007, and what encryption makes of the newer ones: compound files.

use std::io::{self, BufReader, Read, Seek};

use cfb::CompoundFile;

use super::{FileFault, Format, Sight, broken, source::Source, u16_at};

pub(super) const SIGNATURE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The first two bytes of a Word document: 97 and later, and the two versions before.
const WORD: [u16; 2] = [0xa5ec, 0xa5dc];
const WORD_97: u16 = 0xa5ec;
const WORD_ENCRYPTED: u16 = 0x0100;
const WORD_SECOND_TABLE: u16 = 0x0200;

/// Excel's records.
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const FILEPASS: u16 = 0x002f;
const BOUNDSHEET: u16 = 0x0085;
/// Kinds of sheet that are macros: Excel 4's, and a module of Visual Basic in Excel 5.
const MACRO_SHEETS: [u8; 2] = [1, 6];

type File<'a, R> = CompoundFile<&'a mut Source<R>>;

pub(super) fn look<R: Read + Seek>(source: &mut Source<R>) -> Sight {
    const ANY: &[Format] = &[Format::Doc, Format::Xls, Format::Docx, Format::Xlsx];
    examine(source).unwrap_or(Sight::Unfit(ANY, FileFault::Truncated))
}

fn examine<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Sight> {
    // the reader holds the tables and the directory in memory, which are a small part of a real file
    let release = source.hold_to(source.len() / 4);
    let mut file = match CompoundFile::open(&mut *source) {
        Ok(file) => file,
        Err(_) => {
            let end = filled_up(source)?;
            source.seem(end);
            CompoundFile::open(source)?
        }
    };
    release();
    if file.is_stream("/EncryptedPackage") {
        return Ok(Sight::Unfit(&[Format::Docx, Format::Xlsx], FileFault::Encrypted));
    }
    let (formats, refused): (&'static [Format], _) = if file.is_stream("/WordDocument") {
        (&[Format::Doc], document(&mut file))
    } else if file.is_stream("/Workbook") || file.is_stream("/Book") {
        (&[Format::Xls], workbook(&mut file))
    } else {
        return Ok(Sight::Other(None));
    };
    let refused = refused.and_then(|refused| whole(&mut file).map(|()| refused));
    Ok(match (refused.unwrap_or(Some(FileFault::Truncated)), formats) {
        (None, [format]) => Sight::Whole(*format),
        (refused, _) => Sight::Unfit(formats, refused.unwrap_or(FileFault::Truncated)),
    })
}

/// How long the file would be if all sectors that its last table has room for were there. Some programs
/// (SheetJS) mark those that are not as used, and the reader takes the file for cut off. Excel does not. What
/// is really missing is missed when the streams are read.
fn filled_up<R: Read + Seek>(source: &mut Source<R>) -> io::Result<u64> {
    const SECTOR_SHIFT: usize = 30;
    let head = source.window(0, 512)?;
    let sector = match u16_at(&head, SECTOR_SHIFT) {
        Some(9) => 512,
        Some(12) => 4_096,
        _ => return Err(broken()),
    };
    // four bytes a sector in the table; the header takes the place of the first
    let sectors = source.len().div_ceil(sector).saturating_sub(1);
    let sectors = sectors.checked_next_multiple_of(sector / 4).ok_or_else(broken)?;
    Ok(sectors.saturating_add(1).saturating_mul(sector))
}

fn document<R: Read + Seek>(file: &mut File<'_, R>) -> io::Result<Option<FileFault>> {
    let mut head = [0; 12];
    file.open_stream("/WordDocument")?.read_exact(&mut head)?;
    let (kind, flags) = u16_at(&head, 0).zip(u16_at(&head, 10)).ok_or_else(broken)?;
    if !WORD.contains(&kind) {
        return Err(broken());
    }
    if flags & WORD_ENCRYPTED != 0 {
        return Ok(Some(FileFault::Encrypted));
    }
    if file.is_storage("/Macros") {
        return Ok(Some(FileFault::Macros));
    }
    let table = if flags & WORD_SECOND_TABLE == 0 { "/0Table" } else { "/1Table" };
    if kind == WORD_97 && !file.is_stream(table) {
        return Err(broken());
    }
    Ok(None)
}

fn workbook<R: Read + Seek>(file: &mut File<'_, R>) -> io::Result<Option<FileFault>> {
    // a file for Excel 95 and 97 at once has both
    for name in ["/Workbook", "/Book"] {
        if file.is_stream(name)
            && let Some(refused) = globals(file.open_stream(name)?)?
        {
            return Ok(Some(refused));
        }
    }
    Ok(file.is_storage("/_VBA_PROJECT_CUR").then_some(FileFault::Macros))
}

/// Reads the records before the first sheet.
fn globals(stream: impl Read) -> io::Result<Option<FileFault>> {
    let mut stream = BufReader::new(stream);
    let mut refused = None;
    for number in 0_u64.. {
        let mut head = [0; 4];
        stream.read_exact(&mut head)?;
        let (kind, len) = u16_at(&head, 0).zip(u16_at(&head, 2)).ok_or_else(broken)?;
        let mut body = Vec::new();
        if stream.by_ref().take(len.into()).read_to_end(&mut body)? < len.into() {
            return Err(broken());
        }
        match kind {
            _ if number == 0 && kind != BOF => return Err(broken()),
            FILEPASS => return Ok(Some(FileFault::Encrypted)),
            BOUNDSHEET if body.get(5).is_some_and(|kind| MACRO_SHEETS.contains(kind)) => {
                refused = Some(FileFault::Macros);
            }
            EOF => break,
            _ => {}
        }
    }
    Ok(refused)
}

/// Every stream has all its bytes.
fn whole<R: Read + Seek>(file: &mut File<'_, R>) -> io::Result<()> {
    let streams: Vec<_> = file.walk().filter(cfb::Entry::is_stream).collect();
    for stream in streams {
        let copied = io::copy(&mut file.open_stream(stream.path())?, &mut io::sink())?;
        if copied < stream.len() {
            return Err(broken());
        }
    }
    Ok(())
}
