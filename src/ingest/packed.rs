//! What a compressed input is, as far as its frame tells: gzip by its first bytes, zip by its directory (APPNOTE 4.3).
//!
//! Nothing is unpacked here: the browser does that, and [`Bomb`] watches how much comes out.

/// How many bytes at the end of a zip archive may hold the record that ends its directory: 22 and a comment.
pub const ZIP_TAIL: u32 = 22 + 65_535;
/// How many bytes of a member's own header are of fixed length.
pub const ZIP_LOCAL: u32 = 30;

/// Captures pack twenty to one; only a bomb comes near this.
const RATIO: u64 = 200;
/// Below this any ratio is harmless.
const HARMLESS: u64 = 64 * 1024 * 1024;
/// More than any capture that can be looked at.
const MOST: u64 = 16 * 1024 * 1024 * 1024;

/// True for gzip.
pub fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b])
}

/// True for a zip archive that holds something.
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// How long a gzip file is when unpacked, by its last four bytes: a hint, since it is kept modulo 4 GB.
pub fn gzip_length(tail: &[u8]) -> Option<u64> {
    number(tail, 0, 4).filter(|n| *n > 0)
}

/// Watches how much comes out of a compressed input.
#[derive(Clone, Copy, Debug)]
pub struct Bomb {
    packed: u64,
}

impl Bomb {
    /// For an input of so many bytes.
    pub fn new(packed: u64) -> Bomb {
        Bomb { packed }
    }

    /// Says why unpacking has to stop, when it has to.
    pub fn says(self, unpacked: u64) -> Option<String> {
        let fair = unpacked <= HARMLESS || unpacked <= self.packed.saturating_mul(RATIO);
        if fair && unpacked <= MOST {
            return None;
        }
        Some(format!(
            "Unpacking was stopped after {} MB: {} bytes that give so much are made to fill a memory, not a capture. If it is one, unpack it yourself and drop the file.",
            unpacked >> 20,
            self.packed
        ))
    }
}

/// Where the directory of an archive lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Its first byte.
    pub start: u64,
    /// Behind its last byte.
    pub end: u64,
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Where its own header begins.
    pub at: u64,
    /// Its length in the archive.
    pub packed: u64,
    /// Its length when unpacked, as the directory says.
    pub unpacked: u64,
    /// Deflated, or stored as it is.
    pub deflated: bool,
    /// Encrypted, or packed in a way that no browser unpacks.
    pub sealed: bool,
}

/// The member to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub member: Member,
    /// How many further files there are.
    pub others: usize,
}

/// Reads the record that ends the directory, in the last bytes of the archive.
///
/// # Errors
/// A sentence for the person.
pub fn directory(tail: &[u8]) -> Result<Directory, String> {
    let cut = "This zip archive is cut off: its directory, which stands at its end, is missing. Copy it again.";
    let at = memchr::memmem::rfind(tail, b"PK\x05\x06").ok_or(cut)?;
    let record = tail.get(at..).unwrap_or_default();
    let (length, start) = number(record, 12, 4).zip(number(record, 16, 4)).ok_or(cut)?;
    if start == u64::from(u32::MAX) || length == u64::from(u32::MAX) {
        return Err("This zip archive is of the 64-bit kind. Unpack it and drop what is inside.".to_owned());
    }
    Ok(Directory { start, end: start.saturating_add(length) })
}

/// Reads the directory: its files.
pub fn members(directory: &[u8]) -> Vec<Member> {
    let mut members = Vec::new();
    let mut rest = directory;
    while rest.starts_with(b"PK\x01\x02") {
        let Some((member, length)) = member(rest) else { break };
        members.extend(member);
        rest = rest.get(length..).unwrap_or_default();
    }
    members
}

/// One entry, if it is a file with something in it, and its length.
fn member(entry: &[u8]) -> Option<(Option<Member>, usize)> {
    let (flags, method) = (number(entry, 8, 2)?, number(entry, 10, 2)?);
    let (packed, unpacked, at) = (number(entry, 20, 4)?, number(entry, 24, 4)?, number(entry, 42, 4)?);
    let name_length = usize::try_from(number(entry, 28, 2)?).ok()?;
    let more = number(entry, 30, 2)?.saturating_add(number(entry, 32, 2)?);
    let name = entry.get(46..)?.get(..name_length)?;
    let length = name_length.saturating_add(46).saturating_add(usize::try_from(more).ok()?);
    let name = String::from_utf8_lossy(name).into_owned();
    let readable = flags & 1 == 0 && matches!(method, 0 | 8) && packed < u64::from(u32::MAX);
    let ours = !name.ends_with('/') && !name.starts_with("__MACOSX/") && unpacked > 0;
    let member = Member { name, at, packed, unpacked, deflated: method == 8, sealed: !readable };
    Some((ours.then_some(member), length))
}

/// The capture among the members: the largest `.json`, else the largest file.
///
/// # Errors
/// A sentence for the person, when there is nothing to read.
pub fn choose(members: Vec<Member>) -> Result<Chosen, String> {
    let others = members.len().saturating_sub(1);
    members
        .into_iter()
        .filter(|m| !m.sealed)
        .max_by_key(|m| (m.name.to_lowercase().ends_with(".json"), m.unpacked))
        .map(|member| Chosen { member, others })
        .ok_or_else(|| {
            "This zip archive holds no file that can be read here: it is empty, encrypted, or packed by another method than deflate. Unpack it and drop what is inside.".to_owned()
        })
}

/// How many files of one archive are read, each as an input of its own.
const MANY: usize = 50;
/// Files that no administrator's evidence is kept in.
const NO_TEXT: [&str; 20] = [
    "png", "jpg", "jpeg", "gif", "bmp", "ico", "pdf", "doc", "docx", "xls", "xlsx", "msg", "exe", "dll", "etl", "evtx",
    "cab", "pcap", "pcapng", "mp4",
];

/// Which members are read, each as an input of its own, and what has to be said of those that are not: pictures and programs,
/// what is encrypted, and what would be too many or too much.
pub fn worth_reading(members: Vec<Member>, packed: u64) -> (Vec<Member>, Option<String>) {
    let (mut read, mut left, mut sum) = (Vec::new(), Vec::new(), 0u64);
    for member in members {
        let ending = member.name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
        let grown = sum.saturating_add(member.unpacked);
        if member.sealed
            || NO_TEXT.contains(&ending.as_str())
            || read.len() >= MANY
            || Bomb::new(packed).says(grown).is_some()
        {
            left.push(member.name);
        } else {
            sum = grown;
            read.push(member);
        }
    }
    let names = left.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if left.len() > 5 { ", …" } else { "" };
    let says = format!("Not read of this archive: {} of its files ({names}{more}).", left.len());
    (read, (!left.is_empty()).then_some(says))
}

/// What stands before and behind a member's data in an archive of its own, which only [`members`] has to read.
pub fn alone(member: &Member) -> (Vec<u8>, Vec<u8>) {
    // Archives of the 32-bit kind have no larger numbers.
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    let name = member.name.as_bytes();
    let name_length = u16::try_from(name.len()).unwrap_or_default().to_le_bytes();
    let method = if member.deflated { [8, 0] } else { [0, 0] };
    let common =
        [&[20, 0, 0, 0], &method[..], &[0; 8], &number(member.packed), &number(member.unpacked), &name_length].concat();
    let local = [b"PK\x03\x04", &common[..], &[0; 2], name].concat();
    let entry = [b"PK\x01\x02\x14\0", &common[..], &[0; 16], name].concat();
    let start = member.packed.saturating_add(u64::try_from(local.len()).unwrap_or_default());
    let length = u64::try_from(entry.len()).unwrap_or_default();
    let end = [b"PK\x05\x06", &[0; 4][..], &[1, 0, 1, 0], &number(length), &number(start), &[0; 2]].concat();
    (local, [entry, end].concat())
}

/// The files of one log of limited size, where an archive holds exactly one: a folder with `constants.json` and event files.
pub fn log_of(members: &[Member]) -> Vec<Member> {
    let split = |m: &Member| {
        m.name.rsplit_once('/').map_or((String::new(), m.name.clone()), |(a, b)| (a.to_owned(), b.to_owned()))
    };
    let heads: Vec<String> =
        members.iter().map(split).filter(|(_, name)| name == "constants.json").map(|(folder, _)| folder).collect();
    let [folder] = heads.as_slice() else { return Vec::new() };
    let ours = |m: &&Member| {
        let (at, name) = split(m);
        !m.sealed
            && at == *folder
            && (name == "constants.json" || name == "end_netlog.json" || super::pieces::number_of(&name).is_some())
    };
    let log: Vec<Member> = members.iter().filter(ours).cloned().collect();
    if log.len() > 1 { log } else { Vec::new() }
}

/// Where a member's data begin, by its own header at `at`.
///
/// # Errors
/// A sentence for the person.
pub fn data_start(at: u64, header: &[u8]) -> Result<u64, String> {
    let lengths = is_zip(header).then(|| number(header, 26, 2).zip(number(header, 28, 2))).flatten();
    let (name, extra) =
        lengths.ok_or("This zip archive is damaged. Copy it again, or unpack it and drop what is inside.")?;
    Ok(at.saturating_add(u64::from(ZIP_LOCAL)).saturating_add(name).saturating_add(extra))
}

/// A number of `length` bytes, the lowest first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0, |n, b| (n << 8) | u64::from(*b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, unpacked: u64) -> Member {
        Member { name: name.into(), at: 7, packed: 3, unpacked, deflated: false, sealed: false }
    }

    #[test]
    fn what_is_no_text_too_many_or_too_much_is_left_out_and_named() {
        let all = vec![member("a.txt", 5), member("b.PNG", 5), member("c.log", MOST), member("d/e.json", 5)];
        let (read, says) = worth_reading(all, 1000);
        assert_eq!(read.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["a.txt", "d/e.json"]);
        assert_eq!(says.unwrap(), "Not read of this archive: 2 of its files (b.PNG, c.log).");
        let (read, says) = worth_reading((0..60).map(|n| member(&format!("{n}.txt"), 5)).collect(), 1000);
        assert_eq!(read.len(), 50);
        assert!(says.unwrap().contains("10 of its files (50.txt, 51.txt, 52.txt, 53.txt, 54.txt, …)"));
        assert_eq!(worth_reading(vec![member("a.txt", 5)], 1000).1, None);
    }

    #[test]
    fn a_member_alone_is_an_archive() {
        let before = member("log/a.txt", 3);
        let (local, end) = alone(&before);
        let whole = [&local[..], b"abc", &end[..]].concat();
        let place = directory(&whole).unwrap();
        let (from, to) = (usize::try_from(place.start).unwrap(), usize::try_from(place.end).unwrap());
        assert_eq!(members(&whole[from..to]), [Member { at: 0, ..before }]);
        let data = usize::try_from(data_start(0, &whole).unwrap()).unwrap();
        assert_eq!(&whole[data..data + 3], b"abc");
    }

    /// An archive of stored members, written as APPNOTE says.
    fn archive(files: &[(&str, &str, u16)]) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, text, flags) in files {
            let at = u32::try_from(out.len()).unwrap();
            let size = u32::try_from(text.len()).unwrap().to_le_bytes();
            let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
            let common =
                [&20u16.to_le_bytes()[..], &flags.to_le_bytes(), &[0; 10], &size, &size, &name_length].concat();
            out.extend(
                [b"PK\x03\x04", &common[..], &3u16.to_le_bytes(), name.as_bytes(), b"xyz", text.as_bytes()].concat(),
            );
            directory.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 12], &at.to_le_bytes(), name.as_bytes()].concat());
        }
        let start = u32::try_from(out.len()).unwrap().to_le_bytes();
        let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
        [&out[..], &directory, b"PK\x05\x06", &[0; 8], &length, &start, &[0, 0]].concat()
    }

    fn opened(zip: &[u8]) -> Result<(String, usize), String> {
        let place = directory(zip)?;
        let chosen = choose(members(&zip[place.start as usize..place.end as usize]))?;
        let m = chosen.member;
        let from = data_start(m.at, &zip[m.at as usize..])? as usize;
        Ok((String::from_utf8(zip[from..from + m.unpacked as usize].to_vec()).unwrap(), chosen.others))
    }

    #[test]
    fn the_capture_in_an_archive_is_found() {
        let zip =
            archive(&[("notes.txt", "a longer text than that", 0), ("a/", "", 0), ("a/trace.JSON", "{\"a\":1}", 0)]);
        assert!(is_zip(&zip));
        assert_eq!(opened(&zip), Ok(("{\"a\":1}".to_owned(), 1)));
        assert_eq!(opened(&archive(&[("klist.txt", "text", 0)])), Ok(("text".to_owned(), 0)));
    }

    #[test]
    fn an_encrypted_file_among_others_is_told() {
        let zip = archive(&[("klist.txt", "text", 0), ("secret.json", "{\"a\":\"longer\"}", 1)]);
        assert_eq!(opened(&zip), Ok(("text".to_owned(), 1)));
        let place = directory(&zip).unwrap();
        let (read, says) = worth_reading(members(&zip[place.start as usize..place.end as usize]), 1000);
        assert_eq!(read.len(), 1);
        assert!(says.unwrap().contains("(secret.json)"));
    }

    #[test]
    fn the_files_of_a_log_belong_together() {
        let member = |name: &str| Member {
            name: name.to_owned(),
            at: 0,
            packed: 1,
            unpacked: 1,
            deflated: false,
            sealed: false,
        };
        let names = |list: &[&str]| -> Vec<String> {
            let members: Vec<Member> = list.iter().map(|n| member(n)).collect();
            log_of(&members).into_iter().map(|m| m.name).collect()
        };
        let files = ["a.inprogress/event_file_1.json", "a.inprogress/constants.json", "notes.txt", "event_file_0.json"];
        assert_eq!(names(&files), ["a.inprogress/event_file_1.json", "a.inprogress/constants.json"]);
        assert!(names(&["a/constants.json", "a/event_file_0.json", "b/constants.json"]).is_empty(), "two logs");
        assert!(names(&["constants.json", "trace.json"]).is_empty());
    }

    #[test]
    fn what_cannot_be_opened_is_said() {
        assert!(opened(&archive(&[("a.json", "{}", 1)])).unwrap_err().contains("encrypted"));
        let zip = archive(&[("a.json", "{}", 0)]);
        for end in 0..zip.len() - 22 {
            assert!(directory(&zip[..end]).unwrap_err().contains("cut off"));
        }
        assert!(data_start(0, &zip[1..]).unwrap_err().contains("damaged"));
        // A directory cut anywhere gives fewer members, never a panic.
        let place = directory(&zip).unwrap();
        for end in place.start..place.end {
            assert_eq!(members(&zip[place.start as usize..end as usize]), []);
        }
    }

    #[test]
    fn a_bomb_is_told_from_a_capture() {
        let bomb = Bomb::new(1 << 20);
        assert_eq!(bomb.says(20 << 20), None);
        assert_eq!(bomb.says(200 << 20), None);
        assert!(bomb.says(201 << 20).unwrap().contains("201 MB"));
        assert_eq!(Bomb::new(10).says(64 << 20), None);
        assert!(Bomb::new(1 << 30).says((16 << 30) + 1).is_some());
        assert_eq!((is_gzip(b"\x1f\x8b\x08"), gzip_length(&[1, 1, 0, 0])), (true, Some(257)));
    }
}
