//! What a file may be called. The name comes from one person's computer and is opened by another's, so it
//! must mean the same everywhere: the ending says what the content is, and a program is never hidden in it.

use super::Format;

/// The longest name, in bytes: what file systems hold.
const MAX: usize = 255;
/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// A name for a file of this format that every computer can store and shows as it is: this one if it can
/// be, and else the nearest.
pub fn usable_name(name: &str, format: Format) -> String {
    let mut usable: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    usable = usable.trim().trim_end_matches('.').to_owned();
    let ending = format!(".{}", format.extension());
    let stem = match Format::claimed_by(&usable) {
        Some(claimed) if claimed == format => {
            let at = usable.len().saturating_sub(ending.len());
            usable.truncate(at);
            usable
        }
        _ => usable,
    };
    let mut stem = stem.trim().to_owned();
    while stem.len().saturating_add(ending.len()) > MAX {
        stem.pop();
    }
    if stem.is_empty() || is_device(&stem) {
        stem.insert(0, '_');
    }
    format!("{stem}{ending}")
}

fn is_plain(c: char) -> bool {
    let turns_text = matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    );
    !c.is_control() && !turns_text && !r#"/\:*?"<>|"#.contains(c)
}

fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim().to_uppercase();
    let numbered = |prefix: &str| {
        first.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest.parse::<u8>().is_ok())
    };
    DEVICES.contains(&first.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_keeps_what_it_can_and_ends_with_what_the_file_is() {
        let pdf = |name| usable_name(name, Format::Pdf);
        assert_eq!(pdf("Avgångsbetyg 2019.pdf"), "Avgångsbetyg 2019.pdf");
        assert_eq!(pdf("BETYG.PDF"), "BETYG.pdf");
        assert_eq!(pdf("betyg"), "betyg.pdf");
        assert_eq!(pdf("betyg.bat"), "betyg.bat.pdf", "a program for nobody");
        assert_eq!(pdf("betyg.docx"), "betyg.docx.pdf");
        assert_eq!(pdf("a/b\\c:d.pdf"), "a_b_c_d.pdf");
        assert_eq!(pdf("betyg\u{202e}fdp.exe"), "betyg_fdp.exe.pdf");
        assert_eq!(pdf("con.pdf"), "_con.pdf");
        assert_eq!(pdf("  .pdf"), "_.pdf");
        assert_eq!(pdf(""), "_.pdf");
    }

    proptest! {
        #[test]
        fn what_is_usable_stays_as_it_is(name in any::<String>()) {
            for format in Format::ALL {
                let once = usable_name(&name, format);
                prop_assert_eq!(usable_name(&once, format), once.clone());
                prop_assert_eq!(Format::claimed_by(&once), Some(format));
                prop_assert!(once.len() <= MAX);
            }
        }
    }
}
