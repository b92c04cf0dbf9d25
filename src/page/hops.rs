//! The picture of the hops as data: who stands where, what each hop did, and where it breaks. Drawn by `views::picture`.

use doublehop::report::{Conversation, Finding, Report, State};

/// How a hop did. Never told by colour alone: each has its word and its line style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Works, as far as the evidence goes.
    Works,
    /// Breaks here.
    Broken,
    /// Not reached, because an earlier hop breaks.
    NotReached,
    /// The evidence does not say.
    Unknown,
}

impl Mark {
    /// The class of its line and label.
    pub fn class(self) -> &'static str {
        match self {
            Mark::Works => "works",
            Mark::Broken => "broken",
            Mark::NotReached => "unreached",
            Mark::Unknown => "open",
        }
    }

    /// The sign behind its word.
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Works => " ✓",
            Mark::Broken => " ✕",
            Mark::NotReached | Mark::Unknown => "",
        }
    }
}

/// One party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Its short name.
    pub name: String,
    /// What is known of it.
    pub sub: String,
    /// The fault is on this machine.
    pub broken: bool,
}

/// A statement on a hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// How it did.
    pub mark: Mark,
    /// The word.
    pub word: String,
}

/// A realm's box: its name, and the first and last of the parties in it (0 user and browser, 1 front end, 2 back end).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealmBox {
    /// The realm.
    pub name: String,
    /// First party.
    pub from: usize,
    /// Last party.
    pub to: usize,
}

/// The whole picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hops {
    /// The user.
    pub user: Node,
    /// The browser, on the user's PC.
    pub browser: Node,
    /// The web server.
    pub front: Node,
    /// The API, SQL or file server.
    pub back: Node,
    /// Browser → front end.
    pub first: Label,
    /// The right to delegate on the first hop, where it is a matter of its own.
    pub delegation: Option<Label>,
    /// Front end → back end.
    pub second: Label,
    /// The browser calls the back end itself: `second` is that call, and the front end is not on its way.
    pub direct: bool,
    /// What the KDC gave to the client.
    pub ticket: Option<Label>,
    /// What the KDC answered to the front end.
    pub refusal: Option<Label>,
    /// Realms, from left to right.
    pub realms: Vec<RealmBox>,
}

impl Hops {
    /// The picture for one site. `top` is the finding that is shown on top, where one is asserted.
    pub fn of(report: &Report, site: Option<&str>, state: State, top: Option<&Finding>) -> Hops {
        let top = top.filter(|f| f.status.asserted());
        let see = |question: &str| observed(report, site, question);
        let breaks = top.map(|f| f.hop.as_str());
        let healthy = if state == State::Healthy { healthy(report, site) } else { Healthy::No };
        let first = first_hop(see("hop1").or_else(|| spoken(report, site)), breaks, healthy);
        Hops {
            user: Node { name: user(report).0, sub: "user".into(), broken: false },
            browser: Node {
                name: "browser".into(),
                sub: text(&report.topology.client, "user's PC"),
                broken: breaks == Some("browser"),
            },
            front: party(
                site.map(str::to_owned).or_else(|| report.topology.front_end.clone()),
                &report.topology.front_end_account,
                "front end",
                matches!(breaks, Some("front-end")),
            ),
            back: party(
                report.topology.back_end.clone(),
                &report.topology.back_end_account,
                "back end",
                matches!(breaks, Some("back-end")),
            ),
            delegation: delegation(see("asked"), granted(report, site), breaks, first.mark),
            direct: healthy == Healthy::Direct,
            second: second_hop(see("bes"), breaks, healthy),
            first,
            ticket: see("tkt").and_then(ticket),
            refusal: see("err").and_then(refusal),
            realms: realms(report),
        }
    }

    /// The picture in words, for those who do not see it and for those who would rather read.
    pub fn in_words(&self) -> String {
        let hop = |from: &str, to: &str, label: &Label| {
            let breaks = if label.mark == Mark::Broken { " (breaks here)" } else { "" };
            format!("{from} → {to}: {}{breaks}", label.word)
        };
        let mut words = vec![hop(&self.user.name, &self.front.name, &self.first)];
        words.extend(self.delegation.as_ref().map(|d| hop("browser", "delegation", d)));
        let from = if self.direct { &self.browser.name } else { &self.front.name };
        words.push(hop(from, &self.back.name, &self.second));
        words.extend(self.ticket.iter().chain(&self.refusal).map(|label| format!("KDC: {}", label.word)));
        format!("{}.", words.join(". "))
    }
}

fn text(value: &Option<String>, otherwise: &str) -> String {
    value.clone().filter(|v| !v.is_empty()).unwrap_or_else(|| otherwise.to_owned())
}

/// The user's name and the realm that stands behind it: the realm has its own place in the picture.
fn user(report: &Report) -> (String, Option<String>) {
    let name = text(&report.topology.user, "the user");
    match name.split_once('@') {
        Some((user, realm)) => (user.to_owned(), Some(realm.to_uppercase()).filter(|r| !r.is_empty())),
        None => (name, None),
    }
}

fn party(host: Option<String>, account: &Option<String>, role: &str, broken: bool) -> Node {
    match host.filter(|h| !h.is_empty()) {
        Some(host) => {
            let sub = account.as_ref().map_or_else(|| role.to_owned(), |a| format!("runs as {a}"));
            Node { name: short(&host), sub, broken }
        }
        None => Node { name: role.to_owned(), sub: text(account, "not named yet"), broken },
    }
}

/// The first label of a host name; an address stays whole.
fn short(host: &str) -> String {
    let address = host.starts_with(|c: char| c.is_ascii_digit()) || host.contains(':');
    if address { host.to_owned() } else { host.split('.').next().unwrap_or(host).to_owned() }
}

fn observed<'r>(report: &'r Report, site: Option<&str>, question: &str) -> Option<&'r str> {
    let mut all = report.observations.iter().filter(|o| o.question == question);
    let of_site = all.clone().find(|o| o.about.as_deref() == site);
    of_site.or_else(|| all.find(|o| o.about.is_none() || site.is_none())).map(|o| o.option.as_str())
}

/// What a healthy result shows to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Healthy {
    /// It is not healthy.
    No,
    /// No double hop at all: whether the one hop works, nothing has shown.
    Direct,
    /// The user's ticket-granting ticket reaches the front end.
    First,
    /// The front end gets a ticket for the back end in the user's name.
    Both,
}

fn healthy(report: &Report, site: Option<&str>) -> Healthy {
    let result = report.results.iter().find(|r| r.about.as_deref() == site || site.is_none());
    match result.or(report.results.first()).map(|r| r.id.as_str()) {
        Some("healthy-single-hop") => Healthy::Direct,
        Some("healthy-kcd" | "healthy-rbcd") => Healthy::Both,
        _ => Healthy::First,
    }
}

fn conversations<'r>(report: &'r Report, site: Option<&'r str>) -> impl Iterator<Item = &'r Conversation> {
    let of_site = report.sites.iter().filter(move |s| site.is_none() || s.about.as_deref() == site);
    of_site.flat_map(|s| &s.conversations)
}

fn granted(report: &Report, site: Option<&str>) -> bool {
    conversations(report, site).any(|c| c.granted == "yes")
}

/// What the browser's conversations with this site show of the first hop, as an option of `hop1`. A ticket that was sent is
/// not yet one that was taken.
fn spoken(report: &Report, site: Option<&str>) -> Option<&'static str> {
    conversations(report, site).find_map(|c| match c.mechanism.as_str() {
        "kerberos" => {
            let taken = c.status.as_deref().is_some_and(|s| s.starts_with("HTTP 2") || s.starts_with("HTTP 3"));
            Some(if taken { "K" } else { "sent" })
        }
        "ntlm" => Some("N"),
        _ => None,
    })
}

fn label(mark: Mark, word: &str) -> Label {
    Label { mark, word: word.to_owned() }
}

fn first_hop(hop1: Option<&str>, breaks: Option<&str>, healthy: Healthy) -> Label {
    let word = match hop1 {
        Some("K") => "Kerberos",
        Some("sent") => "Kerberos sent",
        Some("R") => "Kerberos refused",
        Some("N") => "NTLM",
        Some("P") => "no silent sign-in",
        Some("A") => "no sign-in",
        Some("B") => "HTTP 400",
        _ => "",
    };
    let here = matches!(breaks, Some("client-to-front-end")) || (breaks == Some("browser") && hop1 != Some("K"));
    match (here, word) {
        (true, "") => label(Mark::Broken, "breaks here"),
        (true, word) => label(Mark::Broken, word),
        (false, "Kerberos") => label(Mark::Works, "Kerberos"),
        (false, "") if matches!(healthy, Healthy::First | Healthy::Both) => label(Mark::Works, "works"),
        (false, "") if breaks.is_some_and(|b| b != "browser") => label(Mark::Unknown, "works, it seems"),
        (false, "") => label(Mark::Unknown, "not known"),
        (false, word) => label(Mark::Unknown, word),
    }
}

fn delegation(asked: Option<&str>, granted: bool, breaks: Option<&str>, first: Mark) -> Option<Label> {
    match (breaks, asked) {
        (Some("browser"), Some("n")) => Some(label(Mark::Broken, "never asked")),
        (Some("browser"), _) if first == Mark::Works => Some(label(Mark::Broken, "not delegated")),
        (_, Some("y")) if granted => Some(label(Mark::Works, "granted")),
        (_, Some("y")) => Some(label(Mark::Unknown, "asked")),
        _ => None,
    }
}

fn second_hop(bes: Option<&str>, breaks: Option<&str>, healthy: Healthy) -> Label {
    let seen = match bes {
        Some("user") => Some("the user arrives"),
        Some("svc") => Some("the service arrives"),
        Some("anon") => Some("nobody arrives"),
        _ => None,
    };
    match (breaks, seen) {
        (Some("browser" | "client-to-front-end"), Some("nobody arrives")) => label(Mark::Broken, "nobody arrives"),
        (Some("browser" | "client-to-front-end"), _) => label(Mark::NotReached, "not reached"),
        (Some("front-end"), seen) => label(Mark::Broken, seen.unwrap_or("may not delegate")),
        (Some("back-end"), seen) => label(Mark::Broken, seen.unwrap_or("turned away")),
        (Some(_), seen) => label(Mark::Broken, seen.unwrap_or("breaks here")),
        (None, Some("the user arrives")) => label(Mark::Works, "the user arrives"),
        (None, Some(seen)) => label(Mark::Unknown, seen),
        (None, None) if healthy == Healthy::Both => label(Mark::Works, "delegated"),
        (None, None) if healthy == Healthy::Direct => label(Mark::Unknown, "calls it itself"),
        (None, None) => label(Mark::Unknown, "not known"),
    }
}

fn ticket(option: &str) -> Option<Label> {
    Some(match option {
        "FO" => label(Mark::Works, "ticket: ok_as_delegate"),
        "F" => label(Mark::Works, "ticket: forwardable"),
        "x" => label(Mark::Broken, "ticket: not forwardable"),
        "0" => label(Mark::Broken, "no ticket"),
        _ => return None,
    })
}

fn refusal(option: &str) -> Option<Label> {
    Some(label(
        Mark::Broken,
        match option {
            "13" => "refuses: BADOPTION",
            "12" => "refuses: POLICY",
            "7" => "SPN unknown",
            "41" => "AP_ERR_MODIFIED",
            "14" => "ETYPE_NOSUPP",
            "40b" => "refuses: 0xc000040b",
            _ => return None,
        },
    ))
}

fn realms(report: &Report) -> Vec<RealmBox> {
    let of = |party: &str| report.topology.realm_of.get(party).map(|r| r.to_uppercase());
    let mut parties = [of("user").or_else(|| user(report).1), of("front-end"), of("back-end")];
    if parties.iter().all(Option::is_none) && report.topology.realms.len() == 1 {
        let only = report.topology.realms.first().map(|r| r.to_uppercase());
        parties = [only.clone(), only.clone(), only];
    }
    let mut boxes: Vec<RealmBox> = Vec::new();
    for (at, realm) in parties.into_iter().enumerate() {
        let Some(realm) = realm else { continue };
        match boxes.last_mut() {
            Some(last) if last.name == realm && last.to.saturating_add(1) == at => last.to = at,
            _ => boxes.push(RealmBox { name: realm, from: at, to: at }),
        }
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;
    use doublehop::case::Case;
    use doublehop::report::{ObservationEntry, Status};

    fn report(observed: &[(&str, &str)]) -> Report {
        let mut report = doublehop::diagnosis::report(&Case::new());
        report.observations = observed
            .iter()
            .map(|(q, o)| ObservationEntry {
                about: None,
                question: (*q).into(),
                option: (*o).into(),
                because: Vec::new(),
            })
            .collect();
        report.topology.front_end = Some("web.contoso.com".into());
        report.topology.back_end = Some("10.0.0.7".into());
        report
    }

    fn finding(hop: &str) -> Finding {
        Finding {
            id: "x".into(),
            status: Status::Confirmed,
            hop: hop.into(),
            about: None,
            title: String::new(),
            says: String::new(),
            basis: String::new(),
            because: Vec::new(),
            against: Vec::new(),
            unknown: Vec::new(),
            does_not_prove: String::new(),
            fix: Vec::new(),
            sources: Vec::new(),
            after: None,
            fits: None,
        }
    }

    #[test]
    fn a_browser_that_does_not_ask_breaks_delegation_and_not_the_sign_in() {
        let report = report(&[("hop1", "K"), ("asked", "n"), ("bes", "anon"), ("tkt", "FO")]);
        let hops = Hops::of(&report, None, State::Diagnosed, Some(&finding("browser")));
        assert_eq!(hops.first, label(Mark::Works, "Kerberos"));
        assert_eq!(hops.delegation, Some(label(Mark::Broken, "never asked")));
        assert_eq!(hops.second, label(Mark::Broken, "nobody arrives"));
        assert_eq!(
            hops.in_words(),
            "the user → web: Kerberos. browser → delegation: never asked (breaks here). web → 10.0.0.7: nobody arrives \
             (breaks here). KDC: ticket: ok_as_delegate."
        );
    }

    #[test]
    fn nothing_known_claims_nothing() {
        let hops = Hops::of(&report(&[]), None, State::NeedsEvidence, None);
        assert_eq!((hops.first.mark, hops.second.mark), (Mark::Unknown, Mark::Unknown));
        assert_eq!(hops.ticket, None);
    }

    #[test]
    fn one_hop_is_no_double_hop_and_shows_nothing_to_work() {
        let mut case = Case::new();
        case.answer("caller", Some("browser"));
        let report = doublehop::diagnosis::report(&case);
        let hops = Hops::of(&report, None, report.verdict.state, None);
        assert_eq!(report.verdict.state, State::Healthy);
        assert!(hops.direct);
        assert_eq!((hops.first.mark, hops.second.mark), (Mark::Unknown, Mark::Unknown));
        assert!(hops.in_words().ends_with("browser → back end: calls it itself."), "{}", hops.in_words());
    }

    #[test]
    fn delegation_that_was_asked_for_is_not_yet_granted() {
        let hops = Hops::of(&report(&[("hop1", "K"), ("asked", "y")]), None, State::NeedsEvidence, None);
        assert_eq!(hops.delegation, Some(label(Mark::Unknown, "asked")));
    }

    #[test]
    fn a_finding_that_is_only_possible_marks_nothing() {
        let mut only_possible = finding("front-end-to-back-end");
        only_possible.status = Status::Possible;
        let hops = Hops::of(&report(&[]), None, State::NeedsEvidence, Some(&only_possible));
        assert_eq!(hops.second.mark, Mark::Unknown);
    }

    #[test]
    fn a_realm_behind_the_users_name_is_her_box() {
        let mut report = report(&[]);
        report.topology.user = Some("alice@contoso.com".into());
        let hops = Hops::of(&report, None, State::NeedsEvidence, None);
        assert_eq!(hops.user.name, "alice");
        assert_eq!(hops.realms, [RealmBox { name: "CONTOSO.COM".into(), from: 0, to: 0 }]);
    }

    #[test]
    fn neighbours_of_one_realm_share_a_box() {
        let mut report = report(&[]);
        for (party, realm) in [("user", "contoso.com"), ("front-end", "CONTOSO.COM"), ("back-end", "emea.contoso.com")]
        {
            report.topology.realm_of.insert(party.into(), realm.into());
        }
        let boxes: Vec<_> = realms(&report).into_iter().map(|b| (b.name, b.from, b.to)).collect();
        assert_eq!(boxes, [("CONTOSO.COM".into(), 0, 1), ("EMEA.CONTOSO.COM".into(), 2, 2)]);
    }
}
