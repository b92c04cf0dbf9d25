//! Members out of every layout, in pieces of every length, cut everywhere.

use super::*;

const CAPTURE: &str = "{\"constants\":{\"a\":{\"}\":1}},\n\"events\": [\n{\"type\":1},\n{\"t\":\"\\\"]}\",\n \"x\":[{}]}],\n\"polledData\": {\"events\":[{}]}\n}\n";

/// The text of each member, its lines and its bytes.
type Found = Vec<(String, u32, u32, u64, u64)>;

#[derive(Default)]
struct Kept {
    found: Found,
    wanted: Option<Wanted>,
}

impl Sink for Kept {
    fn constants(&mut self, text: &[u8]) -> Option<Wanted> {
        self.found.push((String::from_utf8_lossy(text).into_owned(), 0, 0, 0, 0));
        self.wanted.clone()
    }
    fn event(&mut self, text: &[u8], l: Location) {
        self.found.push((
            String::from_utf8_lossy(text).into_owned(),
            l.first_line,
            l.last_line,
            l.first_byte,
            l.end_byte,
        ));
    }
}

fn members(text: &str, step: usize) -> (Found, End) {
    scanned(text, step, None).0
}

fn scanned(text: &str, step: usize, wanted: Option<Wanted>) -> ((Found, End), u64) {
    let mut scanner = Scanner::new();
    let mut kept = Kept { wanted, ..Kept::default() };
    for chunk in text.as_bytes().chunks(step) {
        scanner.push(chunk, &mut kept);
    }
    scanner.finish(&mut kept);
    ((kept.found, scanner.end()), scanner.passed_over)
}

#[test]
fn lines_that_do_not_matter_are_passed_over_and_the_others_come_out_as_before() {
    let line = |kind: u32| {
        format!(
            "{{\"params\":{{\"n\":{kind}}},\"phase\":0,\"source\":{{\"id\":1,\"type\":1}},\"time\":\"5\",\"type\":{kind}}}"
        )
    };
    let odd = format!("{{\n \"type\": 7, \"params\": {{}} }},{},\n", line(7));
    let text = format!(
        "{{\"constants\":{{}},\n\"events\": [\n{},\n{},\n{odd}{},\r\n{}],\n\"polledData\": {{}}\n}}\n",
        line(7),
        line(8),
        line(9),
        line(7)
    );
    let all = members(&text, 4096);
    let keep = |f: &&(String, u32, u32, u64, u64)| !f.0.contains("\"type\":8") && !f.0.contains("\"type\":9");
    let wanted: Found = all.0.iter().filter(keep).cloned().collect();
    assert_eq!((all.0.len(), wanted.len()), (7, 5));
    for step in [1, 3, 10, 61, 4096] {
        let ((found, end), passed_over) = scanned(&text, step, Some(Wanted::new([7])));
        assert_eq!((found, end, passed_over), (wanted.clone(), all.1, 2), "in pieces of {step}");
    }
}

#[test]
fn members_come_out_whole_whatever_the_pieces() {
    let whole = members(CAPTURE, CAPTURE.len());
    assert_eq!(whole.1, End::Whole);
    assert_eq!(whole.0.len(), 3);
    assert_eq!(whole.0[1].0, "{\"type\":1}");
    assert_eq!((whole.0[2].1, whole.0[2].2), (4, 5));
    for (text, _, _, first, end) in &whole.0[1..] {
        assert_eq!(CAPTURE.get(*first as usize..*end as usize), Some(text.as_str()));
    }
    for step in 1..9 {
        assert_eq!(members(CAPTURE, step), whole, "in pieces of {step}");
    }
}

#[test]
fn members_in_another_order_and_on_one_line() {
    let text = "{\"events\":[{\"type\":1}],\"polledData\":[{}],\"constants\":{}}";
    let (found, end) = members(text, 7);
    assert_eq!((found.len(), end), (2, End::Whole));
}

/// What stands between the braces of members, without their places.
fn texts(found: &Found) -> Vec<&str> {
    found.iter().map(|f| f.0.as_str()).collect()
}

#[test]
fn a_list_lines_and_a_head_of_its_own_give_the_same_members() {
    let (constants, one, two) =
        ("{\"logEventTypes\":{\"}\":1}}", "{\"type\":1}", "{\"t\":\"\\\"]}\",\n \"type\":[{}]}");
    let two_first = two.replace("\"t\"", "\"time\"");
    let snapshot = "{\"polledData\":{\"events\":[{}]}}";
    for (name, text, head, end) in [
        ("a list", format!("[\n{one},{two_first}\n]\n"), 0, End::Whole),
        ("an open list", format!("[\n{one},{two_first}\n"), 0, End::InEvents(0)),
        ("lines", format!("{one}\n{two_first}"), 0, End::Open),
        ("lines with commas", format!("{one},\n{two_first},\n"), 0, End::Open),
        ("a line of constants", format!("{{\"constants\":{constants}}}\n{one}\n{two_first}\n"), 1, End::Open),
        ("bare constants", format!("{constants}\n{one}\n{two_first}\n{snapshot}\n"), 1, End::Whole),
        (
            "the closing part",
            format!("{one},\n{two_first},\n],\n\"polledData\": {{\"a\":{{\"b\":[]}}}}\n}}\n"),
            0,
            End::Whole,
        ),
        ("the closing part alone", format!("{one},\n{two_first},\n]}}\n"), 0, End::Whole),
        ("constants behind", format!("{one}\n{two_first}\n{constants}\n"), 1, End::Open),
    ] {
        for step in [1, 2, 7, 4096] {
            let ((found, ended), _) = scanned(&text, step, Some(Wanted::new([1])));
            let mut got = texts(&found);
            got.retain(|t| *t != constants);
            assert_eq!(
                (got, found.len(), ended),
                (vec![one, two_first.as_str()], 2 + head, end),
                "{name}, pieces of {step}"
            );
        }
    }
}

#[test]
fn lines_without_commas_are_skipped_by_their_tails_too() {
    let line =
        |kind: u32| format!("{{\"phase\":0,\"source\":{{\"id\":1,\"type\":1}},\"time\":\"5\",\"type\":{kind}}}\n");
    let text = format!("{{\"constants\":{{}}}}\n{}{}{}", line(7), line(8), line(9));
    for step in [1, 50, 4096] {
        let ((found, _), passed_over) = scanned(&text, step, Some(Wanted::new([9])));
        // The first event shows that lines of events follow.
        assert_eq!((found.len(), passed_over), (3, 1), "pieces of {step}");
    }
}

#[test]
fn pieces_of_a_bounded_log_are_one_capture() {
    let pieces = [
        "{\"constants\":{\"a\":1},\n\"events\": [\n",
        "{\"type\":1},\n{\"type\":2},\n{\"type\":3,\"params\":{\"u",
        "{\"type\":4},\n",
        "],\n\"polledData\": {}\n}\n",
    ];
    for from in [0, 1] {
        for step in [1, 5, 100] {
            let mut scanner = Scanner::new();
            let mut kept = Kept { wanted: Some(Wanted::new([1])), ..Kept::default() };
            for (n, piece) in pieces.iter().enumerate().skip(from) {
                if n > from {
                    scanner.next_piece(&mut kept);
                }
                piece.as_bytes().chunks(step).for_each(|bytes| scanner.push(bytes, &mut kept));
            }
            scanner.finish(&mut kept);
            let lines: Vec<(&str, u32)> = kept.found.iter().filter(|f| f.1 > 0).map(|f| (f.0.as_str(), f.1)).collect();
            let first = if from == 0 { 3 } else { 1 };
            let want = [("{\"type\":1}", first), ("{\"type\":2}", first + 1), ("{\"type\":4}", first + 3)];
            assert_eq!(
                (lines, scanner.dropped, scanner.end()),
                (want.to_vec(), 22, End::Whole),
                "from {from}, by {step}"
            );
        }
    }
}

#[test]
fn a_cut_is_named_by_its_place() {
    let at = |needle: &str| CAPTURE.find(needle).unwrap();
    let cut = |n: usize| members(CAPTURE.get(..n).unwrap(), 5).1;
    assert_eq!(cut(3), End::InEvents(3));
    assert_eq!(cut(at("}\":1")), End::InConstants(7));
    assert_eq!(cut(at("\"events\"")), End::NoEvents);
    assert_eq!(cut(at("{\"type\"")), End::InEvents(0));
    assert_eq!(cut(at("{\"t\"")), End::InEvents(0));
    assert_eq!(cut(at("{\"t\"") + 5), End::InEvents(5));
    assert_eq!(cut(at("]}],") + 3), End::AfterEvents(0));
    assert_eq!(cut(at("\"polledData\"") + 3), End::AfterEvents(5));
    assert_eq!(cut(CAPTURE.len() - 2), End::AfterEvents(32));
    assert_eq!(members("{\"constants\":{}}", 3).1, End::NoEvents);
    for n in 0..CAPTURE.len() {
        cut(n);
    }
}
