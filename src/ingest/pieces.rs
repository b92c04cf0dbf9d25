//! Files that belong together: a log of limited size that was never stopped is a folder of `constants.json`,
//! `event_file_0.json` … and perhaps `end_netlog.json` (netlog.md, 1.6). Handed in together they are one capture.
//!
//! What a file is shows in its first and last bytes, whatever it is called now. The event files are a ring: when it is full
//! the oldest is overwritten, so their order is that of their first events, not of their numbers.

use crate::netlog::sniff::{self, Piece};

/// How many bytes at the beginning of a file are looked at.
pub const HEAD: usize = super::SNIFF;
/// How many at its end.
pub const TAIL: usize = 64;

/// A file that is handed in together with others.
#[derive(Clone, Copy, Debug)]
pub struct File<'f> {
    /// Its name.
    pub name: &'f str,
    /// Its first [`HEAD`] bytes, or all of them.
    pub head: &'f [u8],
    /// Its last [`TAIL`] bytes.
    pub tail: &'f [u8],
}

/// What to read as one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which files, by their place in the list, in the order in which to read them.
    pub files: Vec<usize>,
    /// What has to be said of it.
    pub says: Option<&'static str>,
}

const TWO_HEADS: &str = "Several logs of limited size were handed in at once (more than one constants.json), and nothing in an event file tells to which it \
                         belongs, so they were not put together. Hand in the files of one log at a time.";

/// Which of these files are one capture; every other file is an input of its own. In the order in which they were handed in.
pub fn plan(files: &[File<'_>]) -> Vec<Group> {
    let kinds: Vec<Option<Part>> = files.iter().map(part).collect();
    let of = |wanted: Part| -> Vec<usize> {
        kinds.iter().enumerate().filter(|(_, kind)| **kind == Some(wanted)).map(|(at, _)| at).collect()
    };
    let (heads, mut events, closing) = (of(Part::Head), of(Part::Events), of(Part::Closing));
    let single = |at: usize| Group { files: vec![at], says: None };
    if heads.len() > 1 && !events.is_empty() {
        let in_doubt = |at: &usize| heads.contains(at) || events.contains(at);
        return (0..files.len()).map(|at| Group { says: in_doubt(&at).then_some(TWO_HEADS), ..single(at) }).collect();
    }
    // Without a head they are one capture only if their names say so.
    let numbers: Vec<Option<u32>> = events.iter().filter_map(|at| files.get(*at)).map(|f| number_of(f.name)).collect();
    let ring = numbers.iter().all(Option::is_some);
    if heads.len().saturating_add(events.len()) < 2
        || events.is_empty()
        || (heads.is_empty() && !ring)
        || closing.len() > 1
    {
        return (0..files.len()).map(single).collect();
    }
    events.sort_by_key(|at| files.get(*at).map(|f| (first_time(f.head), number_of(f.name))));
    let together: Vec<usize> = heads.into_iter().chain(events).chain(closing).collect();
    let first = together.iter().min().copied().unwrap_or_default();
    let mut groups = Vec::new();
    for at in 0..files.len() {
        if at == first {
            groups.push(Group { files: together.clone(), says: None });
        } else if !together.contains(&at) {
            groups.push(single(at));
        }
    }
    groups
}

/// The last bytes of these.
pub fn end_of(bytes: &[u8]) -> &[u8] {
    bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or_default()
}

/// What to call several files that are read as one.
pub fn title(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, rest @ ..] => format!("{first} and {} more files of the same log", rest.len()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Head,
    Events,
    Closing,
}

fn part(file: &File<'_>) -> Option<Part> {
    match sniff::piece(file.head)? {
        // A whole capture goes on behind its head.
        Piece::Head if file.tail.trim_ascii_end().ends_with(b"[") => Some(Part::Head),
        Piece::Head => None,
        Piece::Events if file.head.trim_ascii_start().starts_with(b"[") => None,
        Piece::Events => Some(Part::Events),
        Piece::Closing => Some(Part::Closing),
    }
}

/// The number in `event_file_3.json`, also when a browser made it `event_file_3 (1).json`.
pub fn number_of(name: &str) -> Option<u32> {
    let (_, rest) = name.split_once("event_file_")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| rest.get(..end).unwrap_or_default());
    digits.parse().ok()
}

/// The time of the first event, as far as these bytes have a whole one.
fn first_time(head: &[u8]) -> Option<i64> {
    head.split(|b| *b == b'\n').find_map(|line| {
        let at = memchr::memmem::rfind(line, b"\"time\":")?;
        let rest = line.get(at.saturating_add(7)..)?.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
        let digits: Vec<u8> = rest.iter().copied().take_while(|b| b.is_ascii_digit() || *b == b'-').collect();
        String::from_utf8(digits).ok()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "{\"constants\":{\"logEventTypes\":{}},\n\"events\": [\n";
    const CLOSING: &str = "],\n\"polledData\": {}\n}\n";

    fn event(time: u32) -> String {
        format!(
            "{{\"params\":{{\"time\":\"1\"}},\"phase\":0,\"source\":{{\"id\":1,\"type\":2}},\"time\":\"{time}\",\"type\":7}},\n"
        )
    }

    fn planned(files: &[(&str, &str)]) -> Vec<Vec<usize>> {
        let files: Vec<File<'_>> = files
            .iter()
            .map(|(name, text)| {
                let bytes = text.as_bytes();
                File { name, head: bytes, tail: end_of(bytes) }
            })
            .collect();
        plan(&files).into_iter().map(|g| g.files).collect()
    }

    #[test]
    fn the_ring_is_read_from_its_oldest_file() {
        let (old, older, new) = (event(900), event(800), event(1000));
        let files = [
            ("klist.txt", "Cached Tickets: (0)"),
            ("event_file_0.json", new.as_str()),
            ("end_netlog.json", CLOSING),
            ("event_file_2.json", &older),
            ("constants (1).json", HEAD),
            ("event_file_10.json", &old),
        ];
        assert_eq!(planned(&files), [vec![0], vec![4, 3, 5, 1, 2]]);
        // Without the head, by their names; renamed and without the head, each by itself.
        assert_eq!(planned(&files[1..4]), [vec![2, 0, 1]]);
        assert_eq!(planned(&[("a", &old), ("b", &new)]), [vec![0], vec![1]]);
        assert_eq!(planned(&[("a", &old), ("b", HEAD)]), [vec![1, 0]]);
    }

    #[test]
    fn whole_captures_and_single_files_are_left_alone() {
        let whole = format!("{HEAD}{}{CLOSING}", event(1).trim_end_matches(",\n"));
        assert_eq!(planned(&[("a.json", &whole), ("b.json", &whole)]), [vec![0], vec![1]]);
        assert_eq!(planned(&[("a.json", &whole), ("event_file_0.json", &event(1))]), [vec![0], vec![1]]);
        assert_eq!(planned(&[("constants.json", HEAD)]), [vec![0]]);
    }

    #[test]
    fn two_heads_are_not_guessed_about() {
        let one = event(1);
        let files = [("constants.json", HEAD), ("constants.json", HEAD), ("event_file_0.json", one.as_str())];
        assert_eq!(planned(&files), [vec![0], vec![1], vec![2]]);
    }

    #[test]
    fn numbers_in_names() {
        assert_eq!(number_of("event_file_12 (1).json"), Some(12));
        assert_eq!((number_of("event_file_.json"), number_of("klist.txt")), (None, None));
    }
}
