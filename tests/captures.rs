//! Captures in every layout and cut anywhere: the same findings, or fewer facts and a sentence, and never a panic.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use doublehop::case::Case;
use doublehop::facts::Statement;
use doublehop::ingest::{Artefact, Ingested, Intake, Kind, pieces};

const CAPTURE: &str = include_str!("../static/examples/capture.json");

fn read(bytes: &[u8], step: usize) -> Artefact {
    let mut intake = Intake::new("capture.json");
    bytes.chunks(step.max(1)).for_each(|piece| intake.push(piece));
    only(intake)
}

fn only(intake: Intake) -> Artefact {
    let ingested = intake.finish();
    assert_eq!(ingested.artefacts.len(), 1, "{:?}", ingested.artefacts.iter().map(|a| &a.why).collect::<Vec<_>>());
    ingested.artefacts.into_iter().next().unwrap()
}

/// Files handed in together, as the page and the terminal do it.
fn read_together(files: &[(&str, String)], step: usize) -> Vec<Artefact> {
    let looked_at: Vec<pieces::File<'_>> = files
        .iter()
        .map(|(name, text)| {
            let (head, tail) = (text.len().min(pieces::HEAD), text.len().saturating_sub(pieces::TAIL));
            pieces::File { name, head: &text.as_bytes()[..head], tail: &text.as_bytes()[tail..] }
        })
        .collect();
    let groups = pieces::plan(&looked_at).into_iter();
    groups
        .map(|group| {
            let mut intake = Intake::new("together");
            for at in &group.files {
                if group.files.len() > 1 {
                    intake.next_piece(files[*at].0);
                }
                files[*at].1.as_bytes().chunks(step).for_each(|piece| intake.push(piece));
            }
            only(intake)
        })
        .collect()
}

/// The findings and their proofs' words.
fn found(artefact: &Artefact) -> Vec<String> {
    let mut case = Case::new();
    let artefacts = vec![artefact.clone()];
    case.add(Ingested { name: "capture.json".to_owned(), bytes: 1, artefacts });
    let report = doublehop::diagnosis::report(&case);
    let words = |f: &doublehop::report::Finding| {
        let because: Vec<&str> = f.because.iter().map(|b| b.says.as_str()).collect();
        format!("{} {:?} {because:?}", f.id, f.status)
    };
    report.findings.iter().map(words).chain([format!("{:?}", report.verdict)]).collect()
}

/// The capture's parts: constants, the lines of events without commas, the snapshot.
fn parts() -> (String, Vec<String>) {
    let (head, rest) = CAPTURE.split_once(",\n\"events\": [\n").unwrap();
    let (events, _) = rest.split_once("],\n\"polledData\"").unwrap();
    let constants = head.strip_prefix("{\"constants\":").unwrap();
    (constants.to_owned(), events.split(",\n").map(str::to_owned).collect())
}

/// The same event with its keys in another order, `type` first.
fn reordered(event: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(event).unwrap();
    let keys: Vec<String> = value.as_object().unwrap().iter().rev().map(|(k, v)| format!("\"{k}\": {v}")).collect();
    format!("{{ {} }}", keys.join(", "))
}

/// What is told, without where it stands: the places differ from layout to layout.
fn told(artefact: &Artefact) -> Vec<String> {
    artefact.facts.iter().filter(|f| !matches!(f.says, Statement::CaptureNote(_))).map(|f| unplaced(&f.says)).collect()
}

/// The statement without its places.
fn unplaced(says: &Statement) -> String {
    let text = format!("{says:?}");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("Place {") {
        out.push_str(before);
        rest = after.split_once('}').unwrap().1;
    }
    out + rest
}

/// A fixed series of numbers below `below`.
fn numbers(below: usize) -> impl Iterator<Item = usize> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    })
}

#[test]
fn every_layout_tells_the_same() {
    let value: serde_json::Value = serde_json::from_str(CAPTURE).unwrap();
    let whole = read(CAPTURE.as_bytes(), 4096);
    let (plain, findings) = (told(&whole), found(&whole));
    assert!(plain.len() >= 2, "{plain:?}");
    let one_line = serde_json::to_string(&value).unwrap();
    let indented = serde_json::to_string_pretty(&value).unwrap();
    let (constants, lines) = parts();
    let turned: Vec<String> = lines.iter().map(|l| reordered(l)).collect();
    let events = lines.join(",");
    let ndjson = |with: &str, tail: &str| format!("{with}\n{}\n{tail}", lines.join("\n"));
    let layouts = [
        ("CRLF", CAPTURE.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{CAPTURE}")),
        ("one line", one_line),
        ("indented", indented.clone()),
        ("indented, CRLF", indented.replace('\n', "\r\n")),
        ("events first", format!("{{\"events\":[{events}],\"constants\":{constants}}}")),
        (
            "the snapshot first",
            format!("{{\"polledData\":{{\"events\":[{{}}]}},\"events\":[{events}],\"constants\":{constants}}}"),
        ),
        ("type first", format!("{{\"constants\":{constants},\n\"events\": [\n{}]}}\n", turned.join(",\n"))),
        ("a list of snapshots", CAPTURE.replace("\"polledData\": {}", "\"polledData\": [{\"a\":[{}]},{}]")),
        ("no snapshot", CAPTURE.replace("],\n\"polledData\": {}}", "]}")),
        ("lines of events without their commas' breaks", CAPTURE.replace("},\n{", "},{")),
        ("NDJSON with a line of constants", ndjson(&format!("{{\"constants\":{constants}}}"), "{\"polledData\":{}}\n")),
        ("NDJSON, CRLF", ndjson(&format!("{{\"constants\":{constants}}}"), "").replace('\n', "\r\n")),
        ("NDJSON with bare constants", ndjson(&constants, "")),
        ("NDJSON with the constants last", ndjson("", &constants)),
        ("indented values one after the other", format!("{constants}\n{}", turned.join("\n").replace(", ", ",\n  "))),
        ("names for numbers", words_for_numbers()),
    ];
    for (name, text) in layouts {
        for step in [7, 1000, text.len()] {
            let artefact = read(text.as_bytes(), step);
            assert_eq!(told(&artefact), plain, "{name}, in pieces of {step}");
            assert_eq!(found(&artefact), findings, "{name}");
        }
    }
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(CAPTURE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(told(&read(&utf16, 100)), plain, "UTF-16");
    let lines16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(ndjson(&constants, "").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(told(&read(&lines16, 100)), plain, "NDJSON in UTF-16, as PowerShell writes it");
}

/// As a tool writes it that resolves the numbers.
fn words_for_numbers() -> String {
    let value: serde_json::Value = serde_json::from_str(CAPTURE).unwrap();
    let word = |table: &str, number: &serde_json::Value| {
        let table = value["constants"][table].as_object().unwrap();
        serde_json::Value::from(table.iter().find(|(_, n)| *n == number).unwrap().0.as_str())
    };
    let mut named = value.clone();
    for event in named["events"].as_array_mut().unwrap() {
        event["type"] = word("logEventTypes", &event["type"].clone());
        event["phase"] = word("logEventPhase", &event["phase"].clone());
        event["source"]["type"] = word("logSourceType", &event["source"]["type"].clone());
    }
    named.to_string()
}

/// The files of a bounded log: the head, the ring, and the closing part.
fn ring(events: &[usize]) -> Vec<(&'static str, String)> {
    const NAMES: [&str; 4] = ["event_file_0.json", "event_file_1.json", "event_file_2.json", "event_file_3.json"];
    let (constants, lines) = parts();
    let mut files = vec![("constants.json", format!("{{\"constants\":{constants},\n\"events\": [\n"))];
    let mut from = 0;
    for (name, to) in NAMES.iter().zip(events) {
        files.push((name, lines[from..*to].iter().map(|l| format!("{l},\n")).collect()));
        from = *to;
    }
    files.push(("end_netlog.json", "],\n\"polledData\": {}\n}\n".to_owned()));
    files
}

#[test]
fn the_pieces_of_a_bounded_log_are_one_capture() {
    let whole = read(CAPTURE.as_bytes(), 4096);
    for cuts in [&[8][..], &[3, 8], &[2, 5, 8], &[1, 4, 6, 8]] {
        for order in 0..4 {
            for (with_end, step) in [(true, 5), (false, 1000)] {
                let mut files = ring(cuts);
                if !with_end {
                    files.pop();
                }
                let by = order % files.len();
                files.rotate_left(by);
                let read = read_together(&files, step);
                assert_eq!(read.len(), 1, "{cuts:?}");
                assert_eq!((told(&read[0]), found(&read[0])), (told(&whole), found(&whole)), "{cuts:?}, {order}");
                assert!(read[0].why.contains("event_file_0.json (from line 3)"), "{}", read[0].why);
            }
        }
    }
}

#[test]
fn a_full_ring_begins_with_its_oldest_file() {
    let whole = read(CAPTURE.as_bytes(), 4096);
    let mut files = ring(&[3, 6, 8]);
    // The ring went round: what stands in file 0 and 1 is newer than what stands in file 2.
    let texts: Vec<String> = [3, 1, 2].iter().map(|n| files[*n].1.clone()).collect();
    for (n, text) in texts.into_iter().enumerate() {
        files[n + 1].1 = text;
    }
    let mixed = read_together(&files, 1000);
    // File 2 holds events 4 to 6, file 1 the first three, file 0 the last two.
    assert_eq!((mixed.len(), told(&mixed[0])), (1, told(&whole)));
    let note = mixed[0].facts.iter().find_map(|f| if let Statement::CaptureNote(n) = &f.says { Some(n) } else { None });
    assert!(note.unwrap().truncated, "what was overwritten is missing");
    assert!(mixed[0].problems.iter().any(|p| p.says.contains("overwritten")), "{:?}", mixed[0].problems);
}

#[test]
fn a_missing_piece_and_a_cut_piece_are_said() {
    let mut files = ring(&[1, 4, 6, 8]);
    files.remove(2);
    let read = &read_together(&files, 1000)[0];
    assert!(
        read.problems.iter().any(|p| p.says.starts_with("event_file_1.json of this log is missing")),
        "{:?}",
        read.problems
    );

    let mut files = ring(&[3, 8]);
    let cut = files[1].1.len() - 40;
    files[1].1.truncate(cut);
    let read = &read_together(&files, 7)[0];
    assert!(read.problems.iter().any(|p| p.says.contains("unfinished at its end")), "{:?}", read.problems);
    let whole = told(&self::read(CAPTURE.as_bytes(), 4096)).join("");
    assert!(told(read).iter().any(|t| t.contains("Handshake")) && whole.contains("intranet"), "the rest is read");
}

/// Numbers without names: what the parameters tell, and nothing else, and that it is said.
#[test]
fn a_piece_without_its_head_is_read_as_far_as_its_parameters_tell() {
    let (_, lines) = parts();
    let whole = told(&read(CAPTURE.as_bytes(), 4096));
    let alone = lines.iter().map(|l| format!("{l},\n")).collect::<String>();
    for text in [
        alone.clone(),
        lines.join("\n"),
        format!("[{}]", lines.join(",\n")),
        format!("{{\"events\":[{}]}}", lines.join(",")),
    ] {
        let read = read(text.as_bytes(), 50);
        assert_eq!(read.kind, Kind::NetExport);
        // All but the browser's name, which stands in the head.
        assert_eq!(told(&read), whole[1..], "{text}");
        assert!(read.problems.iter().any(|p| p.says.contains("constants.json")), "{:?}", read.problems);
    }
    // Other numbers make no difference: none is taken for granted.
    let shifted = alone.replace("\"type\":41}", "\"type\":36}");
    let read = read(shifted.as_bytes(), 50);
    let claimed = told(&read).iter().any(|t| t.contains("asked: Some") || t.contains("final_status: Some"));
    assert!(!claimed, "two shapes claim one number: {:?}", told(&read));
}

/// A conversation of which neither the beginning nor a challenge is left: it may have been with a proxy.
#[test]
fn a_piece_that_does_not_tell_with_whom_says_so() {
    let (_, lines) = parts();
    let call: String = lines[4..6].iter().map(|l| format!("{l},\n")).collect();
    let read = read(call.as_bytes(), 50);
    assert!(told(&read).is_empty(), "{:?}", told(&read));
    assert!(read.problems.iter().any(|p| p.says.contains("with a server or with a proxy")), "{:?}", read.problems);
}

#[test]
fn several_captures_in_one_file_keep_their_ids_apart() {
    let other = CAPTURE
        .replace("intranet.contoso.com", "other.contoso.com")
        .replace("\"delegated\":false", "\"delegated\":true");
    let read = read(format!("{CAPTURE}{other}").as_bytes(), 100);
    let told = told(&read);
    assert_eq!(told.iter().filter(|t| t.contains("Handshake")).count(), 2, "{told:?}");
    assert!(read.problems.iter().any(|p| p.says.contains("further capture")), "{:?}", read.problems);
}

#[test]
fn a_capture_cut_anywhere_tells_less_and_never_something_else() {
    let whole_capture = read(CAPTURE.as_bytes(), 4096);
    let whole: Vec<String> = told(&whole_capture);
    for end in numbers(CAPTURE.len()).take(200) {
        let artefact = read(&CAPTURE.as_bytes()[..end], 1 + end % 300);
        assert!(
            found(&artefact).iter().all(|f| !f.contains("Confirmed") || found(&whole_capture).contains(f)),
            "cut at {end}"
        );
        let problems: Vec<&str> = artefact.problems.iter().map(|p| p.says.as_str()).collect();
        assert!(!problems.is_empty(), "cut at {end}: nothing says so");
        if artefact.kind != Kind::NetExport {
            continue;
        }
        assert!(artefact.facts.len() <= whole.len() + 1, "cut at {end}");
        for fact in &artefact.facts {
            let Statement::Handshake(h) = &fact.says else { continue };
            // A field that is there has the value that it has in the whole capture, except what later answers replace.
            for part in
                [h.spn.as_ref().map(|s| format!("{:?}", s.value)), h.asked.as_ref().map(|a| format!("{:?}", a.value))]
            {
                assert!(part.is_none_or(|p| whole.iter().any(|w| w.contains(&p))), "cut at {end}");
            }
        }
    }
}

#[test]
fn a_cut_says_how_many_bytes_it_cost() {
    let at = CAPTURE.rfind("\"phase\":0").unwrap();
    let line = CAPTURE.get(..at).unwrap().rfind('\n').unwrap() + 1;
    let problems = read(&CAPTURE.as_bytes()[..at], 4096).problems;
    let wanted = format!("{} bytes of an unfinished event", at - line);
    assert!(problems.iter().any(|p| p.says.contains(&wanted)), "{wanted}: {problems:?}");
}

/// Cut at every place where the structure changes: what is lost, in bytes and in words.
#[test]
fn what_a_cut_costs_is_said() {
    let behind = |needle: &str| CAPTURE.find(needle).unwrap() + needle.len();
    let last = CAPTURE.rfind("{\"params\"").unwrap();
    let events = "8 events";
    for (name, end, words) in [
        (
            "inside constants",
            behind("\"logCaptureMode\""),
            &["cut off in its head", "139 bytes of the head", "every event"][..],
        ),
        ("behind constants", CAPTURE.find("\"events\"").unwrap(), &["no event", "event_file_*.json"]),
        ("behind the bracket", behind("\"events\": [\n"), &["no event", "event_file_*.json"]),
        (
            "between two events",
            CAPTURE.find("{\"params\":{\"target\"").unwrap(),
            &["between two events", "2 events", "0 bytes"],
        ),
        ("inside an event", last + 30, &["30 bytes of an unfinished event", "7 events"]),
        ("behind the last event", CAPTURE.rfind("],\n\"polledData\"").unwrap(), &["between two events", events]),
        ("behind the list", behind("],\n\"pol") - 5, &["behind its events", events, "1 bytes of it"]),
        ("inside the snapshot", behind("\"polledData\": {"), &["behind its events", events, "17 bytes of it"]),
        ("before the last brace", CAPTURE.trim_end().len() - 1, &["behind its events", events]),
    ] {
        let problems = read(&CAPTURE.as_bytes()[..end], 33).problems;
        let said: Vec<&String> =
            problems.iter().map(|p| &p.says).filter(|s| words.iter().all(|w| s.contains(w))).collect();
        assert_eq!(said.len(), 1, "{name}: {words:?} in {problems:?}");
    }
}

/// Text pasted behind a capture is not read with it: that is said, and it changes nothing.
#[test]
fn what_stands_behind_a_capture_is_said() {
    let whole = told(&read(CAPTURE.as_bytes(), 4096));
    for behind in [
        include_str!("data/klist.txt"),
        "ServicePrincipalNames : {MSSQLSvc/sql01:1433}\n[0] Session\n",
        "}]]\n{\"AuthServerAllowlist\":\"*.x\"} x",
    ] {
        let read = read(format!("{CAPTURE}\n{behind}").as_bytes(), 50);
        assert_eq!(told(&read), whole, "{behind}");
        let said: Vec<&String> = read.problems.iter().map(|p| &p.says).collect();
        assert!(said.len() == 1 && said[0].contains("behind the end of the capture"), "{behind}: {said:?}");
    }
}

/// What is told while a capture is still being read is what a file tells that is cut off there.
#[test]
fn what_was_found_so_far_is_less_and_never_something_else() {
    let whole = read(CAPTURE.as_bytes(), 4096);
    let mut told_before = 0;
    for end in (0..=8).map(|eighth| CAPTURE.len() * eighth / 8) {
        let mut intake = Intake::new("capture.json");
        // So short a file is otherwise looked at when it has ended.
        intake.next_piece("capture.json");
        intake.push(&CAPTURE.as_bytes()[..end]);
        let Some(so_far) = intake.so_far() else { continue };
        let artefact = &so_far.artefacts[0];
        assert!(
            artefact.problems.len() == 1 && artefact.problems[0].says.contains("still being read"),
            "{:?}",
            artefact.problems
        );
        assert!(found(artefact).iter().all(|f| !f.contains("Confirmed") || found(&whole).contains(f)), "at {end}");
        let told = told(artefact).len();
        assert!(told >= told_before && told <= self::told(&whole).len());
        told_before = told;
        // It goes on as if nothing had been asked.
        intake.push(&CAPTURE.as_bytes()[end..]);
        assert_eq!(self::told(&only(intake)), self::told(&whole), "at {end}");
    }
    assert_eq!(told_before, told(&whole).len());
}

/// Milestone 71 logs no controllers and no library: what it tells is read, and no finding rests on what it does not log.
#[test]
fn no_verdict_from_what_an_old_build_does_not_log() {
    let old = CAPTURE
        .replace("\"AUTH_CONTROLLER\":31", "\"AUTH_SERVER\":31")
        .replace("\"AUTH_LIBRARY_INIT_SEC_CTX\":41", "\"AUTH_CHANNEL_BINDINGS\":41")
        .replace("\"AUTH_BOUND_TO_CONTROLLER\":32,", "")
        // The one event that it has stands on the request.
        .replace(
            "\"source\":{\"id\":202,\"type\":40},\"time\":\"90225\",\"type\":31}",
            "\"source\":{\"id\":201,\"type\":1},\"time\":\"90225\",\"type\":31}",
        );
    let read = read(old.as_bytes(), 100);
    let handshake = told(&read).into_iter().find(|t| t.contains("Handshake")).unwrap();
    for part in [
        "[\"Negotiate\", \"NTLM\"]",
        "token_sent: Some(At { value: 2474",
        "final_status: Some(At { value: 200",
        "asked: None",
        "mechanism: None",
    ] {
        assert!(handshake.contains(part), "{part} in {handshake}");
    }
    let asserted = ["Confirmed", "Likely"].iter().any(|s| found(&read).iter().any(|f| f.contains(s)));
    assert!(!asserted && found(&read).iter().any(|f| f.contains("NeedsEvidence")), "{:?}", found(&read));
    assert!(read.problems.iter().any(|p| p.says.contains("before 2019")), "{:?}", read.problems);
}

/// Feeds a stream of so many conversations, all different, made on the way.
fn stream(conversations: u32, step: usize) -> Artefact {
    let (head, rest) = CAPTURE.split_once("\"events\": [\n").unwrap();
    let (events, tail) = rest.split_once("],\n").unwrap();
    let mut intake = Intake::new("capture.json");
    intake.push(format!("{head}\"events\": [\n").as_bytes());
    for n in 1..=conversations {
        let block = events
            .replace("\"id\":201", &format!("\"id\":{}", n * 10 + 1))
            .replace("\"id\":202", &format!("\"id\":{}", n * 10 + 2))
            .replace("intranet.contoso.com", &format!("host{n}.contoso.com"));
        block.as_bytes().chunks(step).for_each(|piece| intake.push(piece));
        intake.push(b",\n");
    }
    intake.push(format!("{events}],\n{tail}").as_bytes());
    only(intake)
}

/// A million events of authentication (half as many without optimisation): what is remembered stays bounded, it is said that not all are judged, and the last
/// conversations, which tell how things are now, are among those that are.
#[test]
fn more_authentication_than_can_be_kept_is_a_message() {
    let conversations = if cfg!(debug_assertions) { 62_500 } else { 125_000 };
    let artefact = stream(conversations, 1 << 16);
    let note = artefact
        .facts
        .iter()
        .find_map(|f| if let Statement::CaptureNote(n) = &f.says { Some(n.clone()) } else { None });
    assert_eq!(note.unwrap().events, u64::from(conversations) * 8 + 8);
    assert!(artefact.facts.len() <= 502 && artefact.shown.len() <= 2000, "{}", artefact.facts.len());
    let held = serde_json::to_string(&artefact).unwrap().len();
    assert!(held < 4_000_000, "{held} bytes");
    let wanted = format!("{} authentication conversations", conversations + 1);
    assert!(artefact.problems.iter().any(|p| p.says.starts_with(&wanted)), "{:?}", artefact.problems);
    let told = told(&artefact);
    for host in ["intranet.contoso.com".to_owned(), format!("host{conversations}.contoso.com")] {
        assert!(told.iter().any(|t| t.contains(&host)), "{host} is judged");
    }
    // Every line that a kept conversation of the end stands on can be shown.
    let last = artefact.facts.last().unwrap().place.first_line;
    assert!(artefact.shown.iter().any(|line| line.number == last));
}
