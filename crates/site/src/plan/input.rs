//! The bytes of a plan: counted against a bound, and turned into UTF-8 where a shell wrote them as UTF-16.

use super::json::{Fault, Watch};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use std::io::{self, BufReader, Cursor, Read};

/// Most bytes of one plan.
pub(super) const PLAN_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// How much is looked at to tell what kind of file it is.
const HEAD_BYTES: usize = 512;
/// How much is read at a time.
const BUFFER_BYTES: usize = 64 * 1024;

/// The plan's text in UTF-8.
pub(super) type Input<'a> = BufReader<Box<dyn Read + 'a>>;

/// Why a file is not even looked into.
#[derive(Debug)]
pub(super) enum Refused {
    /// It has no bytes.
    Empty,
    /// It is in none of the encodings that are read.
    Encoding,
    /// It is something else than JSON, in English and Japanese.
    NotAPlan(&'static str, &'static str),
    /// It cannot be read.
    Failed(io::Error),
}

/// Opens the bytes; the head of the file tells what they are.
pub(super) fn open<'a>(
    reader: impl Read + 'a,
    bytes_max: u64,
    watch: &'a Watch,
) -> Result<Input<'a>, Refused> {
    let mut counted = Counted { inner: reader, left: bytes_max, watch };
    let head = head_of(&mut counted).map_err(Refused::Failed)?;
    let kind = kind_of(&head)?;
    let bytes = Cursor::new(head).chain(counted);
    let text: Box<dyn Read + 'a> = match kind {
        Kind::Utf8 { skipped } => {
            let mut bytes = bytes;
            bytes.read_exact(&mut vec![0; skipped]).map_err(Refused::Failed)?;
            Box::new(bytes)
        }
        Kind::Utf16(encoding) => {
            Box::new(DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_override(true).build(bytes))
        }
    };
    Ok(BufReader::with_capacity(BUFFER_BYTES, text))
}

enum Kind {
    Utf8 { skipped: usize },
    Utf16(&'static Encoding),
}

fn kind_of(head: &[u8]) -> Result<Kind, Refused> {
    match head {
        [] => Err(Refused::Empty),
        [b'P', b'K', 3, 4, ..] => Err(Refused::NotAPlan(
            "it is the plan file that `terraform plan -out` writes",
            "`terraform plan -out` が書き出すプランファイルそのものです",
        )),
        [0x1f, 0x8b, ..] => Err(Refused::NotAPlan("it is compressed", "圧縮されています")),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, ..] => Err(Refused::Encoding),
        [0xff, 0xfe, ..] | [b'{', 0, ..] => Ok(Kind::Utf16(UTF_16LE)),
        [0xfe, 0xff, ..] | [0, b'{', ..] => Ok(Kind::Utf16(UTF_16BE)),
        [0xef, 0xbb, 0xbf, rest @ ..] => begins_an_object(rest).map(|()| Kind::Utf8 { skipped: 3 }),
        _ => begins_an_object(head).map(|()| Kind::Utf8 { skipped: 0 }),
    }
}

fn begins_an_object(head: &[u8]) -> Result<(), Refused> {
    match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Ok(()),
        None => Err(Refused::Empty),
        Some(_) => Err(Refused::NotAPlan("it is no JSON object", "JSON のオブジェクトではありません")),
    }
}

fn head_of(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let most = u64::try_from(HEAD_BYTES).unwrap_or(0);
    reader.take(most).read_to_end(&mut head)?;
    Ok(head)
}

/// Counts down to the bound.
struct Counted<'a, R> {
    inner: R,
    left: u64,
    watch: &'a Watch,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let Some(left) = self.left.checked_sub(u64::try_from(read).unwrap_or(u64::MAX)) else {
            self.watch.keep(Fault::Large);
            return Err(io::Error::other("too large"));
        };
        self.left = left;
        Ok(read)
    }
}
