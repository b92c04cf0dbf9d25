//! The bytes of a Blob, piece by piece: as they are, or unpacked by the browser on their way.
//!
//! Files are read through a BYOB reader where the browser has one: it fills our own buffers, in larger pieces, and is
//! about twice as fast as the plain reader. Two buffers take turns, so that one is filled while the other is scanned.

use doublehop::ingest::packed::{self, Member};
use doublehop::ingest::pieces;
use js_sys::{Array, ArrayBuffer, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, ReadableStreamByobReader, ReadableStreamDefaultReader, ReadableWritablePair};

/// The size of each of the two buffers. A browser fills them as far as it has bytes ready.
const BUFFER: u32 = 1 << 20;

/// What an input turned out to be.
pub struct Opened {
    /// Its bytes, unpacked.
    pub pieces: Pieces,
    /// How many bytes they are going to be, as far as that is known.
    pub expected: Option<u64>,
    /// What it was packed in, in words.
    pub packed: Option<String>,
    /// Its name inside of an archive.
    pub name: Option<String>,
}

/// Reads a stream, one piece ahead.
pub struct Pieces {
    reader: Reader,
    coming: js_sys::Promise,
}

enum Reader {
    Plain(ReadableStreamDefaultReader),
    /// With the buffer that is free.
    Byob(ReadableStreamByobReader, Option<Uint8Array>),
}

impl Pieces {
    fn of(stream: &ReadableStream) -> Result<Pieces, JsValue> {
        // By name, since the typed call does not catch what a stream throws that only knows the plain reader.
        let options = Object::new();
        Reflect::set(&options, &JsValue::from_str("mode"), &JsValue::from_str("byob"))?;
        let method: Function = Reflect::get(stream, &JsValue::from_str("getReader"))?.dyn_into()?;
        if let Ok(reader) = method.call1(stream, &options) {
            let reader: ReadableStreamByobReader = reader.unchecked_into();
            let coming = reader.read_with_array_buffer_view(&Uint8Array::new_with_length(BUFFER));
            return Ok(Pieces { reader: Reader::Byob(reader, Some(Uint8Array::new_with_length(BUFFER))), coming });
        }
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let coming = reader.read();
        Ok(Pieces { reader: Reader::Plain(reader), coming })
    }

    /// The next piece into `chunk`, with one copy; false at the end.
    pub async fn next(&mut self, chunk: &mut Vec<u8>) -> Result<bool, JsValue> {
        let piece = JsFuture::from(self.coming.clone()).await?;
        if Reflect::get(&piece, &JsValue::from_str("done"))?.is_truthy() {
            return Ok(false);
        }
        let bytes: Uint8Array = Reflect::get(&piece, &JsValue::from_str("value"))?.dyn_into()?;
        // The next piece is asked for before this one is scanned: reading is the slow part.
        match &mut self.reader {
            Reader::Plain(reader) => self.coming = reader.read(),
            Reader::Byob(reader, free) => {
                let buffer = free.take().unwrap_or_else(|| Uint8Array::new_with_length(BUFFER));
                self.coming = reader.read_with_array_buffer_view(&buffer);
            }
        }
        chunk.resize(usize::try_from(bytes.length()).unwrap_or_default(), 0);
        bytes.copy_to(chunk);
        if let Reader::Byob(_, free) = &mut self.reader {
            *free = Some(Uint8Array::new(&bytes.buffer()));
        }
        Ok(true)
    }

    /// Lets go of what is still to come.
    pub fn cancel(&self) {
        // Nobody waits for the end of a cancelled stream.
        let _ = match &self.reader {
            Reader::Plain(reader) => reader.cancel(),
            Reader::Byob(reader, _) => reader.cancel(),
        };
    }
}

/// Looks at the first bytes and opens what they announce: one stream, or those of the files of one log in an archive.
///
/// # Errors
/// The browser's own, or a sentence of ours about an archive that cannot be read.
pub async fn open(blob: &Blob) -> Result<Vec<Opened>, JsValue> {
    let head = bytes(blob, 0.0, 4.0).await?;
    if packed::is_gzip(&head) {
        let tail = bytes(blob, (blob.size() - 4.0).max(0.0), blob.size()).await?;
        return Ok(vec![Opened {
            pieces: Pieces::of(&unpacked(blob, "gzip")?)?,
            expected: packed::gzip_length(&tail),
            packed: Some("gzip".to_owned()),
            name: None,
        }]);
    }
    if packed::is_zip(&head) {
        return archive(blob).await;
    }
    Ok(vec![Opened { pieces: Pieces::of(&blob.stream())?, expected: None, packed: None, name: None }])
}

fn error(text: String) -> JsValue {
    js_sys::Error::new(&text).into()
}

/// What a zip archive holds, by its directory.
async fn members(blob: &Blob) -> Result<Vec<Member>, JsValue> {
    let size = blob.size();
    let tail = bytes(blob, (size - f64::from(packed::ZIP_TAIL)).max(0.0), size).await?;
    let directory = packed::directory(&tail).map_err(error)?;
    let (start, end) = (directory.start as f64, directory.end as f64);
    Ok(packed::members(&bytes(blob, start, end).await?))
}

/// The files of a zip archive that is no log, each as an archive of its own by its name, and what has to be said of the
/// others. None are copied: each is made of slices. Nothing where there is nothing to part.
pub async fn parted(blob: &Blob) -> Result<(Vec<(String, Blob)>, Option<String>), JsValue> {
    if !packed::is_zip(&bytes(blob, 0.0, 4.0).await?) {
        return Ok(Default::default());
    }
    let all = members(blob).await?;
    if all.iter().filter(|m| !m.sealed).count() < 2 || !in_order(blob, packed::log_of(&all)).await?.is_empty() {
        return Ok(Default::default());
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a size in bytes
    let (chosen, says) = packed::worth_reading(all, blob.size() as u64);
    let mut parts = Vec::new();
    for member in chosen {
        let (local, end) = packed::alone(&member);
        let pieces = Array::of3(
            &Uint8Array::from(&local[..]),
            &data_of(blob, &member).await?.into(),
            &Uint8Array::from(&end[..]),
        );
        parts.push((member.name, Blob::new_with_u8_array_sequence(&pieces)?));
    }
    Ok((parts, says))
}

/// Opens what is worth reading in a zip archive: the files of one log, else the largest capture.
async fn archive(blob: &Blob) -> Result<Vec<Opened>, JsValue> {
    let members = members(blob).await?;
    let log = in_order(blob, packed::log_of(&members)).await?;
    let all = members.len();
    let chosen = if log.is_empty() { vec![packed::choose(members).map_err(error)?.member] } else { log };
    let others = match all.saturating_sub(chosen.len()) {
        0 => String::new(),
        n => format!("; not read of it: {n} other files (unpack it and drop those that matter)"),
    };
    let what = match chosen.as_slice() {
        [one] => one.name.clone(),
        several => format!("{} files of one log", several.len()),
    };
    let packed = format!("a zip archive, {what} in it{others}");
    let mut opened = Vec::new();
    for member in chosen {
        opened.push(Opened {
            pieces: stream_of(blob, &member).await?,
            expected: Some(member.unpacked),
            packed: Some(packed.clone()),
            name: Some(member.name),
        });
    }
    Ok(opened)
}

/// The files of a log in the order of their events, which their first bytes tell; none when they are no such files.
async fn in_order(blob: &Blob, members: Vec<Member>) -> Result<Vec<Member>, JsValue> {
    let mut heads = Vec::new();
    for member in &members {
        let mut pieces = stream_of(blob, member).await?;
        let (mut head, mut chunk) = (Vec::new(), Vec::new());
        while head.len() < pieces::HEAD && pieces.next(&mut chunk).await? {
            head.extend_from_slice(&chunk);
        }
        pieces.cancel();
        heads.push(head);
    }
    let files: Vec<pieces::File<'_>> = members
        .iter()
        .zip(&heads)
        .map(|(member, head)| pieces::File { name: &member.name, head, tail: pieces::end_of(head) })
        .collect();
    match pieces::plan(&files).as_slice() {
        [one] => Ok(one.files.iter().filter_map(|at| members.get(*at).cloned()).collect()),
        _ => Ok(Vec::new()),
    }
}

/// A member's data as they lie in the archive.
async fn data_of(blob: &Blob, member: &Member) -> Result<Blob, JsValue> {
    let at = member.at as f64;
    let header = bytes(blob, at, at + f64::from(packed::ZIP_LOCAL)).await?;
    let from = packed::data_start(member.at, &header).map_err(error)? as f64;
    blob.slice_with_f64_and_f64(from, from + member.packed as f64)
}

/// The bytes of a member.
async fn stream_of(blob: &Blob, member: &Member) -> Result<Pieces, JsValue> {
    let data = data_of(blob, member).await?;
    Pieces::of(&if member.deflated { unpacked(&data, "deflate-raw")? } else { data.stream() })
}

/// The first and the last bytes of a file, which say whether it is a piece of something.
pub async fn ends(blob: &Blob) -> Result<(Vec<u8>, Vec<u8>), JsValue> {
    let (head, tail) = (pieces::HEAD as f64, pieces::TAIL as f64);
    Ok((bytes(blob, 0.0, blob.size().min(head)).await?, bytes(blob, (blob.size() - tail).max(0.0), blob.size()).await?))
}

/// A stream of what the browser unpacks from these bytes, by the name of the format.
fn unpacked(blob: &Blob, format: &str) -> Result<ReadableStream, JsValue> {
    let unpacker: Function = Reflect::get(&js_sys::global(), &JsValue::from_str("DecompressionStream"))?
        .dyn_into()
        .map_err(|_| js_sys::Error::new("this browser unpacks nothing: unpack it and drop what is inside"))?;
    let unpacker = Reflect::construct(&unpacker, &Array::of1(&JsValue::from_str(format)))?;
    // A transform stream is a pair of its two ends.
    Ok(blob.stream().pipe_through(unpacker.unchecked_ref::<ReadableWritablePair>()))
}

async fn bytes(blob: &Blob, from: f64, to: f64) -> Result<Vec<u8>, JsValue> {
    let slice = blob.slice_with_f64_and_f64(from, to)?;
    let buffer: ArrayBuffer = JsFuture::from(slice.array_buffer()).await?.dyn_into()?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
