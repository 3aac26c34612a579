//! Walking through an XML part: elements by their local names, text with its references resolved.
//!
//! Nothing that a document type declares is looked at: entities of its own stay empty, so none can grow.

use std::io;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::format::broken;

/// What stands next in a part.
pub(super) enum Piece<'a> {
    /// An element begins. An empty one ends at once.
    Start(&'a str, Attributes<'a>),
    /// An element ends.
    End(&'a str),
    /// Text.
    Text(&'a str),
}

/// The attributes of an element.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The value of the attribute with this local name.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes().filter_map(Result::ok);
        let found = all.find(|it| it.key.local_name().as_ref() == name)?;
        let value = quick_xml::escape::unescape(&found.value).ok()?;
        Some(value.into_owned())
    }
}

/// Tells of each piece of a part, until `each` says that it has enough.
pub(super) fn walk(
    part: &[u8],
    mut each: impl FnMut(Piece<'_>) -> io::Result<bool>,
) -> io::Result<()> {
    let text = String::from_utf8_lossy(part);
    let mut reader = Reader::from_str(&text);
    loop {
        let goes_on = match reader.read_event().map_err(|_| broken())? {
            Event::Eof => return Ok(()),
            Event::Start(start) => {
                each(Piece::Start(start.local_name().as_ref(), Attributes(&start)))?
            }
            Event::Empty(start) => {
                let name = start.local_name();
                each(Piece::Start(name.as_ref(), Attributes(&start)))?
                    && each(Piece::End(name.as_ref()))?
            }
            Event::End(end) => each(Piece::End(end.local_name().as_ref()))?,
            Event::Text(text) => each(Piece::Text(&text.xml10_content()))?,
            Event::CData(text) => each(Piece::Text(&text.xml10_content()))?,
            Event::GeneralRef(name) => {
                let mut buffer = [0; 4];
                let known = match name.resolve_char_ref() {
                    Ok(Some(c)) => &*c.encode_utf8(&mut buffer),
                    _ => quick_xml::escape::resolve_xml_entity(&name).unwrap_or_default(),
                };
                each(Piece::Text(known))?
            }
            _ => true,
        };
        if !goes_on {
            return Ok(());
        }
    }
}
