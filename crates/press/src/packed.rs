//! A PDF with its small objects in compressed streams (PDF 1.5, ISO 32000-1, 7.5.7 and 7.5.8), as PDF/A-2 allows.
//!
//! The tags of a long table are tens of thousands of small objects, which are written one by one and in the clear. They are most
//! of such a file, and hardly anything once they are compressed together. Objects keep their numbers and their bytes; only where
//! they lie changes.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::fmt::Write as _;
use std::io::Write as _;

/// Objects in one stream: a reader that wants one unpacks them all.
const TOGETHER: usize = 200;
/// Bytes of an entry of the table of references: its kind, where it is, which one there.
const ENTRY_BYTES: [usize; 3] = [1, 4, 2];

/// An object as it lies in the file: its number and what stands between `obj` and `endobj`.
struct Object<'a> {
    number: u32,
    body: &'a [u8],
}

/// Where an object is found.
#[derive(Clone, Copy)]
enum Place {
    /// Nowhere.
    Free,
    /// At this offset.
    At(u32),
    /// In this stream, at this place.
    Within(u32, u16),
}

/// The same PDF, packed. None where it is not written as the typesetter writes: one table of references, no earlier versions.
pub(crate) fn packed(pdf: &[u8]) -> Option<Vec<u8>> {
    let (table, trailer) = ending(pdf)?;
    let objects = objects(pdf, table)?;
    let header = pdf.get(..usize::try_from(objects.first()?.1).ok()?)?;
    let mut file = File::new(header, objects.iter().map(|(object, _)| object.number).max()?);
    let (large, small): (Vec<_>, Vec<_>) = objects.into_iter().map(|(object, _)| object).partition(is_stream);
    for object in &large {
        file.write(object.number, object.body)?;
    }
    for some in small.chunks(TOGETHER) {
        file.pack(some)?;
    }
    file.end(trailer)
}

/// Where the table of references begins, and the members of the trailer besides its size.
fn ending(pdf: &[u8]) -> Option<(usize, &[u8])> {
    let pdf = pdf.strip_suffix(b"%%EOF")?;
    let start = rfind(pdf, b"startxref")?;
    let table = number(pdf.get(start..)?.strip_prefix(b"startxref")?)?.0;
    let table = usize::try_from(table).ok()?;
    let trailer = pdf.get(table..start)?;
    let trailer = trailer.get(rfind(trailer, b"trailer")?..)?.strip_prefix(b"trailer")?.trim_ascii();
    let members = trailer.strip_prefix(b"<<")?.strip_suffix(b">>")?.strip_prefix(b"/Size ")?;
    let members = number(members)?.1;
    let has = |name: &[u8]| rfind(members, name).is_some();
    (has(b"/Root") && !has(b"/Prev") && !has(b"/Encrypt")).then_some((table, members))
}

/// All objects with their offsets, in the order of the file.
fn objects(pdf: &[u8], table: usize) -> Option<Vec<(Object<'_>, u64)>> {
    let lines = pdf.get(table..)?.strip_prefix(b"xref\n0 ")?;
    let (count, lines) = number(lines)?;
    let entries = lines.strip_prefix(b"\n")?.chunks_exact(20).take(usize::try_from(count).ok()?);
    let mut offsets = Vec::new();
    for (entry, named) in entries.zip(0_u32..) {
        let (offset, rest) = number(entry)?;
        match rest.trim_ascii() {
            b"00000 n" => offsets.push((offset, named)),
            // Freed objects are of no number that is used.
            free if free.ends_with(b" f") => {}
            _ => return None,
        }
    }
    offsets.sort_unstable();
    let ends = offsets.iter().skip(1).map(|(offset, _)| *offset).chain([u64::try_from(table).ok()?]);
    let object = |(&(offset, named), end): (&(u64, u32), u64)| {
        let bytes = pdf.get(usize::try_from(offset).ok()?..usize::try_from(end).ok()?)?;
        let (number, rest) = number(bytes)?;
        let body = rest.strip_prefix(b" 0 obj")?.trim_ascii().strip_suffix(b"endobj")?.trim_ascii();
        (number == u64::from(named)).then_some((Object { number: named, body }, offset))
    };
    offsets.iter().zip(ends).map(object).collect()
}

/// Streams cannot lie in streams; theirs is the only body that ends so.
fn is_stream(object: &Object<'_>) -> bool {
    object.body.ends_with(b"endstream")
}

/// The file that is written.
struct File {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

impl File {
    fn new(header: &[u8], last: u32) -> Self {
        let count = usize::try_from(last).unwrap_or(usize::MAX).saturating_add(1);
        Self { bytes: header.to_vec(), places: vec![Place::Free; count] }
    }

    /// The number of an object that is added.
    fn next(&mut self) -> Option<u32> {
        let number = u32::try_from(self.places.len()).ok()?;
        self.places.push(Place::Free);
        Some(number)
    }

    fn write(&mut self, number: u32, body: &[u8]) -> Option<()> {
        let at = Place::At(u32::try_from(self.bytes.len()).ok()?);
        *self.places.get_mut(usize::try_from(number).ok()?)? = at;
        self.bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        self.bytes.extend_from_slice(body);
        self.bytes.extend_from_slice(b"\nendobj\n\n");
        Some(())
    }

    /// Writes these as one stream.
    fn pack(&mut self, objects: &[Object<'_>]) -> Option<()> {
        let stream = self.next()?;
        let (mut head, mut bodies) = (String::new(), Vec::new());
        for (object, place) in objects.iter().zip(0_u16..) {
            write!(head, "{} {} ", object.number, bodies.len()).ok()?;
            bodies.extend_from_slice(object.body);
            bodies.push(b'\n');
            *self.places.get_mut(usize::try_from(object.number).ok()?)? = Place::Within(stream, place);
        }
        let members = format!("/Type/ObjStm/N {}/First {}", objects.len(), head.len());
        let content = [head.as_bytes(), &bodies].concat();
        let body = compressed(&members, &content)?;
        self.write(stream, &body)
    }

    /// Writes where everything lies, which is an object itself.
    fn end(mut self, trailer: &[u8]) -> Option<Vec<u8>> {
        let number = self.next()?;
        let start = u32::try_from(self.bytes.len()).ok()?;
        *self.places.last_mut()? = Place::At(start);
        let entries: Vec<u8> = self.places.iter().flat_map(|place| place.entry()).collect();
        let [kind, place, which] = ENTRY_BYTES;
        let members = format!("/Type/XRef/Size {}/W[{kind} {place} {which}]", self.places.len());
        let members = [members.as_bytes(), trailer].concat();
        let body = compressed(std::str::from_utf8(&members).ok()?, &entries)?;
        self.write(number, &body)?;
        self.bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF").as_bytes());
        Some(self.bytes)
    }
}

impl Place {
    fn entry(self) -> Vec<u8> {
        let (kind, place, which): (u8, u32, u16) = match self {
            // No object is reused.
            Self::Free => (0, 0, u16::MAX),
            Self::At(offset) => (1, offset, 0),
            Self::Within(stream, place) => (2, stream, place),
        };
        [&[kind][..], &place.to_be_bytes(), &which.to_be_bytes()].concat()
    }
}

/// The body of a stream with these members.
fn compressed(members: &str, content: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).ok()?;
    let content = encoder.finish().ok()?;
    let head = format!("<<{members}/Length {}/Filter/FlateDecode>>\nstream\n", content.len());
    Some([head.as_bytes(), &content, b"\nendstream"].concat())
}

/// The number that stands first, and what follows it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let bytes = bytes.trim_ascii_start();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at_checked(digits)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

/// Where these bytes stand last.
fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(trailer: &str) -> Vec<u8> {
        let mut pdf = b"%PDF-1.7\n%\x80\x80\x80\x80\n\n".to_vec();
        let bodies: [&[u8]; 3] =
            [b"<</Type/Catalog>>", b"<</Length 9>>\nstream\nx endobj \nendstream", b"(endobj)"];
        let mut table = "xref\n0 4\n0000000000 65535 f\r\n".to_owned();
        for (number, body) in (1..).zip(bodies) {
            write!(table, "{:010} 00000 n\r\n", pdf.len()).unwrap();
            pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            pdf.extend_from_slice(body);
            pdf.extend_from_slice(b"\nendobj\n\n");
        }
        let start = pdf.len();
        pdf.extend_from_slice(format!("{table}trailer\n{trailer}\nstartxref\n{start}\n%%EOF").as_bytes());
        pdf
    }

    #[test]
    fn objects_without_streams_are_put_together_and_the_others_stay() {
        let packed = packed(&file("<</Size 4/Root 1 0 R>>")).unwrap();
        let holds = |text: &[u8]| rfind(&packed, text).is_some();
        assert!(holds(b"2 0 obj\n<</Length 9>>\nstream\nx endobj \nendstream\nendobj"));
        assert!(holds(b"4 0 obj\n<</Type/ObjStm/N 2/First 9/Length "));
        assert!(holds(b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length "));
        assert!(!holds(b"/Catalog") && !holds(b"xref\n0"), "{}", String::from_utf8_lossy(&packed));
    }

    #[test]
    fn what_is_written_otherwise_is_left_alone() {
        assert!(packed(b"").is_none() && packed(b"%PDF-1.7").is_none());
        for trailer in
            ["<</Size 4>>", "<</Size 4/Root 1 0 R/Prev 9>>", "<</Size 4/Root 1 0 R/Encrypt 3 0 R>>", "none"]
        {
            assert!(packed(&file(trailer)).is_none(), "{trailer}");
        }
        let torn = file("<</Size 4/Root 1 0 R>>");
        for end in 0..torn.len() {
            assert!(packed(&torn[..end]).is_none(), "{end}");
        }
        let moved = [b"%".as_slice(), &torn].concat();
        assert!(packed(&moved).is_none());
    }
}
