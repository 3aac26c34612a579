//! PDF samples.

/// One A4 page with a title and a name under it.
pub fn pdf(title: &str, name: &str) -> Vec<u8> {
    let mut file = Pdf::begin(title, name);
    file.finish("");
    file.bytes
}

/// Like [`pdf()`], with a stream that nobody sees, for a file of at least so many bytes.
pub fn pdf_of_size(bytes: usize) -> Vec<u8> {
    let mut file = Pdf::begin("Bilaga", "Åsa Lindqvist");
    // not all alike, so that nothing compresses or skips it
    let mut state = 1_u32;
    let filling: Vec<u8> = (0..bytes)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    file.stream("", &filling);
    file.finish("");
    file.bytes
}

/// So many pages, each with its number on it.
pub fn pdf_of_pages(count: usize) -> Vec<u8> {
    let mut file = Pdf::empty();
    let kids: String = (0..count).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect();
    file.object(b"<< /Type /Catalog /Pages 2 0 R >>");
    file.object(format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>").as_bytes());
    file.object(FONT);
    for page in 1..=count {
        let contents = 3 + 2 * page;
        file.object(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {contents} 0 R \
                 /Resources << /Font << /F1 3 0 R >> >> >>"
            )
            .as_bytes(),
        );
        let words = win_ansi(&format!("Blad {page}, intyg för Åsa"));
        file.stream("", format!("BT\n/F1 24 Tf\n72 750 Td\n({words}) Tj\nET\n").as_bytes());
    }
    file.finish("");
    file.bytes
}

/// A PDF that needs a password.
pub fn pdf_encrypted() -> Vec<u8> {
    let mut file = Pdf::begin("Hemligt", "Åsa Lindqvist");
    let handler =
        file.object(b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O (x) /U (x) >>");
    file.finish(&format!("/Encrypt {handler} 0 R"));
    file.bytes
}

/// A PDF whose page, title and other places speak of `/Encrypt`, and which is not encrypted.
pub fn pdf_about_encryption() -> Vec<u8> {
    let text = "trailer << /Encrypt 9 0 R /Root 1 0 R >>";
    let mut file = Pdf::begin(text, text);
    file.stream("/Encrypt null", b"/Encrypt 5 0 R\ntrailer\n<< /Encrypt 5 0 R >>\n");
    file.finish("/Info << /Title (\\(/Encrypt 1 0 R) /Encrypt (no) >> % /Encrypt 5 0 R\n");
    file.bytes
}

/// A PDF with a change saved after its first end mark.
pub fn pdf_updated() -> Vec<u8> {
    let mut file = Pdf::begin("Avgångsbetyg", "Åsa Lindqvist");
    file.finish("");
    let at = file.bytes.len();
    let before = file.start;
    file.bytes.extend(b"4 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>\nendobj\n");
    let start = file.bytes.len();
    file.bytes.extend(
        format!(
            "xref\n4 1\n{at:010} 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev {before} >>\n\
             startxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    file.bytes
}

/// A PDF whose cross-references are a stream, as most programs write today.
pub fn pdf_with_xref_stream(encrypted: bool) -> Vec<u8> {
    let mut file = Pdf::begin("Avgångsbetyg", "Åsa Lindqvist");
    let encrypt = if encrypted {
        let handler = file.object(b"<< /Filter /Standard /V 2 /R 3 /P -44 /O (x) /U (x) >>");
        format!("/Encrypt {handler} 0 R")
    } else {
        String::new()
    };
    let start = file.bytes.len();
    file.places.push(start);
    let mut rows = vec![0, 0, 0, 0, 0, 0xff];
    for place in &file.places {
        rows.push(1);
        rows.extend(u32::try_from(*place).unwrap().to_be_bytes());
        rows.push(0);
    }
    let (number, size, len) = (file.places.len(), file.places.len() + 1, rows.len());
    let head = format!(
        "{number} 0 obj\n<< /Type /XRef /W [1 4 1] /Size {size} /Root 1 0 R {encrypt} \
         /Length {len} >>\nstream\n"
    );
    file.bytes.extend(head.bytes());
    file.bytes.extend(rows);
    file.bytes.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    file.bytes
}

const FONT: &[u8] =
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

struct Pdf {
    bytes: Vec<u8>,
    /// Where each object begins, in the order of their numbers from 1.
    places: Vec<usize>,
    start: usize,
}

impl Pdf {
    fn empty() -> Self {
        // the four high bytes tell programs that carry it that it is no text
        let bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        Self { bytes, places: Vec::new(), start: 0 }
    }

    /// Objects 1 to 5: catalogue, pages, page, font, what stands on the page.
    fn begin(title: &str, name: &str) -> Self {
        let mut file = Self::empty();
        file.object(b"<< /Type /Catalog /Pages 2 0 R >>");
        file.object(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        file.object(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R \
              /Resources << /Font << /F1 4 0 R >> >> >>",
        );
        file.object(FONT);
        let (title, name) = (win_ansi(title), win_ansi(name));
        let page = format!(
            "BT\n/F1 24 Tf\n72 750 Td\n({title}) Tj\n/F1 14 Tf\n0 -36 Td\n({name}) Tj\nET\n"
        );
        file.stream("", page.as_bytes());
        file
    }

    fn object(&mut self, body: &[u8]) -> usize {
        self.places.push(self.bytes.len());
        let number = self.places.len();
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
        self.bytes.extend(body);
        self.bytes.extend(b"\nendobj\n");
        number
    }

    fn stream(&mut self, entries: &str, body: &[u8]) {
        let head = format!("<< /Length {} {entries} >>\nstream\n", body.len());
        self.object(&[head.as_bytes(), body, b"\nendstream"].concat());
    }

    fn finish(&mut self, entries: &str) {
        self.start = self.bytes.len();
        let size = self.places.len() + 1;
        let mut end = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for place in &self.places {
            end.push_str(&format!("{place:010} 00000 n \n"));
        }
        end.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R {entries} >>\n"));
        end.push_str(&format!("startxref\n{}\n%%EOF\n", self.start));
        self.bytes.extend(end.bytes());
    }
}

/// A string of the page's encoding, which agrees with Unicode for Swedish.
fn win_ansi(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '(' | ')' | '\\' => format!("\\{letter}"),
            ' '..='~' => letter.to_string(),
            '\u{a0}'..='\u{ff}' => format!("\\{:03o}", u32::from(letter)),
            _ => "?".to_owned(),
        })
        .collect()
}
