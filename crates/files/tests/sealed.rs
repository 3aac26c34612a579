//! The laws of sealed files: what went in comes out, and nothing else ever does.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::{
    fs,
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use behorig_files::{
    FileKey,
    sealed::{CHUNK, FileId, Reader, Writer},
};
use proptest::prelude::*;

const ID: FileId = [7; 16];
const HEADER: usize = 40;
const STORED: usize = CHUNK + 40;

struct Folder {
    folder: tempfile::TempDir,
    key: FileKey,
}

impl Folder {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), key: FileKey::from_bytes([1; 32]) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn written(&self, name: &str, id: FileId, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        let mut writer = Writer::create(&path, &self.key, id).unwrap();
        writer.append(bytes).unwrap();
        assert_eq!(writer.finish().unwrap(), bytes.len() as u64);
        path
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Reader::open(path, &self.key, ID)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Bytes that differ from place to place.
fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at / 251 + at) as u8).collect()
}

/// Lengths at and around the borders of chunks.
fn lengths() -> Vec<usize> {
    vec![0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 100]
}

#[test]
fn what_was_written_is_read_whatever_its_length() {
    let folder = Folder::new();
    for len in lengths() {
        let path = folder.written(&len.to_string(), ID, &bytes(len));
        assert_eq!(folder.read(&path).unwrap(), bytes(len), "{len}");
        let reader = Reader::open(&path, &folder.key, ID).unwrap();
        assert_eq!((reader.len(), reader.is_empty()), (len as u64, len == 0));
        let stored = fs::read(&path).unwrap();
        assert_eq!(stored.len(), HEADER + len + 40 * len.div_ceil(CHUNK).max(1));
        let shown = bytes(len.min(32));
        assert!(len < 32 || !stored.windows(32).any(|window| window == shown), "readable");
    }
}

#[test]
fn a_file_is_never_replaced_and_only_its_owner_may_read_it() {
    let folder = Folder::new();
    let path = folder.written("a", ID, b"first");
    let second = Writer::create(&path, &folder.key, ID).unwrap_err();
    assert_eq!(second.kind(), ErrorKind::AlreadyExists);
    assert_eq!(folder.read(&path).unwrap(), b"first");
    #[cfg(unix)]
    {
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_second_writer_waits_until_the_first_is_done() {
    let folder = Folder::new();
    let first = Writer::create(&folder.path("a"), &folder.key, ID).unwrap();
    let second = Writer::resume(&folder.path("a"), &folder.key, ID).unwrap_err();
    assert_eq!(second.kind(), ErrorKind::WouldBlock);
    drop(first);
    Writer::resume(&folder.path("a"), &folder.key, ID).unwrap();
}

#[test]
fn an_unfinished_file_is_not_read() {
    let folder = Folder::new();
    for len in lengths() {
        let path = folder.path(&len.to_string());
        let mut writer = Writer::create(&path, &folder.key, ID).unwrap();
        writer.append(&bytes(len)).unwrap();
        writer.sync().unwrap();
        assert_eq!(folder.read(&path).unwrap_err().kind(), ErrorKind::InvalidData);
        drop(writer);
        let mut writer = Writer::resume(&path, &folder.key, ID).unwrap();
        assert_eq!(writer.len(), len as u64, "what was synced is there");
        writer.finish().unwrap();
        assert_eq!(folder.read(&path).unwrap(), bytes(len));
    }
}

#[test]
fn finishing_again_changes_nothing_and_more_can_still_be_appended() {
    let folder = Folder::new();
    let path = folder.written("a", ID, &bytes(CHUNK));
    let resume = || Writer::resume(&path, &folder.key, ID).unwrap();
    assert_eq!(folder.read(&path).unwrap(), bytes(CHUNK));
    assert_eq!(resume().finish().unwrap(), CHUNK as u64);
    let mut writer = resume();
    writer.append(b"more").unwrap();
    writer.sync().unwrap();
    assert_eq!(folder.read(&path).unwrap_err().kind(), ErrorKind::InvalidData, "unfinished again");
    writer.finish().unwrap();
    assert_eq!(folder.read(&path).unwrap(), [&bytes(CHUNK)[..], b"more"].concat());
}

#[test]
fn another_key_or_id_reads_nothing_and_cuts_nothing() {
    let folder = Folder::new();
    let path = folder.written("a", ID, &bytes(100));
    let before = fs::read(&path).unwrap();
    let other = FileKey::generate().unwrap();
    for (key, id) in [(&other, ID), (&folder.key, [8; 16])] {
        let reading = Reader::open(&path, key, id).unwrap_err();
        let resuming = Writer::resume(&path, key, id).unwrap_err();
        assert_eq!(
            (reading.kind(), resuming.kind()),
            (ErrorKind::InvalidData, ErrorKind::InvalidData)
        );
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(format!("{other:?}"), "FileKey");
}

#[test]
fn no_chunk_fits_another_place_or_another_file() {
    let folder = Folder::new();
    let path = folder.written("a", ID, &bytes(3 * CHUNK));
    let whole = fs::read(&path).unwrap();
    let chunk = |number: usize| HEADER + number * STORED..HEADER + (number + 1) * STORED;
    let put = |number: usize, by: &[u8]| {
        let mut stored = whole.clone();
        stored[chunk(number)].copy_from_slice(by);
        fs::write(&path, stored).unwrap();
        folder.read(&path).unwrap_err().kind()
    };
    for (to, from) in [(0, 1), (1, 0), (1, 2), (2, 1)] {
        assert_eq!(put(to, &whole[chunk(from)]), ErrorKind::InvalidData, "{from} in place of {to}");
    }
    let other = folder.written("b", [8; 16], &bytes(3 * CHUNK));
    let other = fs::read(other).unwrap();
    for number in 0..3 {
        assert_eq!(put(number, &other[chunk(number)]), ErrorKind::InvalidData);
    }
    fs::write(&path, [&whole[..], &whole[chunk(2)]].concat()).unwrap();
    assert_eq!(folder.read(&path).unwrap_err().kind(), ErrorKind::InvalidData, "longer");
}

#[test]
fn every_flipped_bit_of_a_small_file_is_noticed() {
    let folder = Folder::new();
    let path = folder.written("a", ID, b"Avgangsbetyg");
    let whole = fs::read(&path).unwrap();
    for bit in 0..whole.len() * 8 {
        let mut stored = whole.clone();
        stored[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, stored).unwrap();
        assert_eq!(folder.read(&path).unwrap_err().kind(), ErrorKind::InvalidData, "bit {bit}");
    }
}

#[test]
fn a_range_needs_only_its_own_chunks() {
    let folder = Folder::new();
    let path = folder.written("a", ID, &bytes(3 * CHUNK));
    let mut stored = fs::read(&path).unwrap();
    stored[HEADER + 100] ^= 1;
    fs::write(&path, stored).unwrap();
    let mut reader = Reader::open(&path, &folder.key, ID).unwrap();
    let mut range = vec![0; 1_000];
    reader.seek(SeekFrom::Start(CHUNK as u64 + 500)).unwrap();
    reader.read_exact(&mut range).unwrap();
    assert_eq!(range, bytes(3 * CHUNK)[CHUNK + 500..CHUNK + 1_500]);
    reader.seek(SeekFrom::End(-3 * CHUNK as i64)).unwrap();
    assert_eq!(reader.read(&mut range).unwrap_err().kind(), ErrorKind::InvalidData);
    reader.seek(SeekFrom::End(10)).unwrap();
    assert_eq!(reader.read(&mut range).unwrap(), 0);
    assert_eq!(
        reader.seek(SeekFrom::Current(-4 * CHUNK as i64)).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

/// One thing that a writer is told.
#[derive(Debug, Clone)]
enum Step {
    Append(usize),
    Sync,
    /// The program ends and another goes on.
    Resume,
    /// The same, without a sync before: what lay in memory is sent again.
    Crash,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let len = prop_oneof![0..40_usize, 0..200_000_usize, Just(CHUNK), Just(CHUNK - 1)];
    let step = prop_oneof![
        4 => len.prop_map(Step::Append),
        1 => Just(Step::Sync),
        1 => Just(Step::Resume),
        1 => Just(Step::Crash),
    ];
    prop::collection::vec(step, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_sequence_of_appends_and_interruptions_reads_back_equal(steps in steps()) {
        let folder = Folder::new();
        let path = folder.path("a");
        let all = bytes(3_000_000);
        let mut writer = Writer::create(&path, &folder.key, ID).unwrap();
        let mut synced = 0;
        for step in steps {
            match step {
                Step::Append(len) => {
                    let from = writer.len() as usize;
                    writer.append(&all[from..from + len]).unwrap();
                    prop_assert_eq!(writer.len() as usize, from + len);
                }
                Step::Sync => writer.sync().unwrap(),
                Step::Resume => {
                    writer.sync().unwrap();
                    let len = writer.len();
                    drop(writer);
                    writer = Writer::resume(&path, &folder.key, ID).unwrap();
                    prop_assert_eq!(writer.len(), len);
                }
                Step::Crash => {
                    let len = writer.len();
                    drop(writer);
                    writer = Writer::resume(&path, &folder.key, ID).unwrap();
                    prop_assert!(synced <= writer.len() && writer.len() <= len);
                    prop_assert!(len - writer.len() <= CHUNK as u64);
                }
            }
            if matches!(step, Step::Sync | Step::Resume | Step::Crash) {
                synced = writer.len();
            }
        }
        let len = writer.finish().unwrap() as usize;
        prop_assert!(folder.read(&path).unwrap() == all[..len]);
    }

    #[test]
    fn any_range_equals_the_slice(
        len in 1..250_000_usize,
        ranges in prop::collection::vec(any::<[prop::sample::Index; 2]>(), 1..8),
    ) {
        let folder = Folder::new();
        let path = folder.written("a", ID, &bytes(len));
        let mut reader = Reader::open(&path, &folder.key, ID).unwrap();
        for ends in ranges {
            let mut ends = ends.map(|end| end.index(len + 1));
            ends.sort_unstable();
            let mut range = vec![0; ends[1] - ends[0]];
            reader.seek(SeekFrom::Start(ends[0] as u64)).unwrap();
            reader.read_exact(&mut range).unwrap();
            prop_assert!(range == bytes(len)[ends[0]..ends[1]]);
        }
    }

    #[test]
    fn any_change_is_noticed(
        len in 0..250_000_usize,
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let folder = Folder::new();
        let path = folder.written("a", ID, &bytes(len));
        let mut stored = fs::read(&path).unwrap();
        let at = at.index(stored.len());
        stored[at] ^= 1 << bit;
        fs::write(&path, stored).unwrap();
        prop_assert_eq!(folder.read(&path).unwrap_err().kind(), ErrorKind::InvalidData);
    }

    #[test]
    fn a_cut_anywhere_leaves_a_prefix_that_can_be_gone_on_with(
        len in 0..250_000_usize,
        finished: bool,
        cut in any::<prop::sample::Index>(),
        border in any::<Option<prop::sample::Index>>(),
        torn in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let folder = Folder::new();
        let path = folder.path("a");
        let all = bytes(len);
        let mut writer = Writer::create(&path, &folder.key, ID).unwrap();
        writer.append(&all).unwrap();
        if finished { writer.finish().unwrap(); } else { writer.sync().unwrap(); }
        drop(writer);
        let stored = fs::read(&path).unwrap();
        let cut = match border {
            Some(border) => HEADER + STORED * border.index(stored.len().div_ceil(STORED)),
            None => cut.index(stored.len()),
        };
        let cut = cut.min(stored.len().saturating_sub(1));
        // less than a header cannot be told from a wrong key once something follows it
        let torn = if cut < HEADER { Vec::new() } else { torn };
        fs::write(&path, [&stored[..cut], &torn].concat()).unwrap();
        prop_assert_eq!(folder.read(&path).unwrap_err().kind(), ErrorKind::InvalidData);
        let mut writer = Writer::resume(&path, &folder.key, ID).unwrap();
        let kept = writer.len() as usize;
        let whole_chunks = cut.saturating_sub(HEADER) / STORED;
        prop_assert_eq!(kept, (whole_chunks * CHUNK).min(len));
        let on_disk = fs::metadata(&path).unwrap().len() as usize;
        prop_assert_eq!(on_disk, HEADER + whole_chunks * STORED);
        writer.append(&all[kept..]).unwrap();
        writer.finish().unwrap();
        prop_assert!(folder.read(&path).unwrap() == all);
    }
}
