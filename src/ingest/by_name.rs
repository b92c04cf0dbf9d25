//! What the name of a file says of it: the first pass of recognition, which counts only where the content says nothing.

use crate::artefacts::kind::Kind;
use crate::facts::Role;

/// What stands in a name, in lower case, and what such a file is. The first that fits counts.
const NAMES: [(&str, Kind); 36] = [
    ("answers", Kind::Answers),
    ("doublehop-case", Kind::Answers),
    ("klist_sessions", Kind::KlistSessions),
    ("klist-sessions", Kind::KlistSessions),
    ("klist sessions", Kind::KlistSessions),
    ("klist", Kind::Klist),
    ("tickets", Kind::Klist),
    ("rubeus", Kind::Rubeus),
    ("lsass", Kind::LsassLog),
    ("netlogon", Kind::Netlogon),
    ("setspn", Kind::Setspn),
    ("spn", Kind::Setspn),
    ("web.config", Kind::IisConfig),
    ("applicationhost", Kind::IisConfig),
    ("rsreportserver", Kind::IisConfig),
    ("httperr", Kind::IisLog),
    ("u_ex", Kind::IisLog),
    ("nltest", Kind::Trust),
    ("trust", Kind::Trust),
    ("dsregcmd", Kind::Device),
    ("w32tm", Kind::Clock),
    ("repadmin", Kind::Replication),
    ("nslookup", Kind::Dns),
    ("whoami", Kind::Whoami),
    ("krb5_trace", Kind::Krb5Trace),
    ("krb5-trace", Kind::Krb5Trace),
    ("krb5kdc", Kind::KdcLog),
    ("kdc.log", Kind::KdcLog),
    ("error_log", Kind::ApacheLog),
    ("error.log", Kind::ApacheLog),
    (".ldif", Kind::AdAttributes),
    (".ldf", Kind::AdAttributes),
    ("get-ad", Kind::AdAttributes),
    ("edge-policy", Kind::EdgePolicy),
    (".reg", Kind::Reg),
    ("event", Kind::Event),
];

/// The kind that a name speaks of.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let name = name.to_lowercase();
    NAMES.iter().find(|(part, _)| name.contains(part)).map(|(_, kind)| *kind)
}

/// Where a file was taken, by its name, for kinds that are taken in several places.
const PLACES: [(&str, Role); 13] = [
    ("frontend", Role::FrontEnd),
    ("front-end", Role::FrontEnd),
    ("front_end", Role::FrontEnd),
    ("webserver", Role::FrontEnd),
    ("web-server", Role::FrontEnd),
    ("backend", Role::BackEnd),
    ("back-end", Role::BackEnd),
    ("back_end", Role::BackEnd),
    ("client", Role::Client),
    ("user-pc", Role::Client),
    ("workstation", Role::Client),
    ("domaincontroller", Role::Dc),
    ("domain-controller", Role::Dc),
];

/// The place that a name speaks of; `None` where it speaks of two.
pub(super) fn role(name: &str) -> Option<Role> {
    let name = name.to_lowercase();
    let mut found = PLACES.iter().filter(|(part, _)| name.contains(part)).map(|(_, role)| *role);
    let first = found.next()?;
    found.all(|role| role == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use crate::facts::Role;
    use crate::ingest::{Confidence, Intake, Kind};

    fn read(name: &str, text: &str) -> (Kind, Confidence) {
        let mut intake = Intake::new(name);
        intake.push(text.as_bytes());
        let artefact = intake.finish().artefacts.remove(0);
        (artefact.kind, artefact.confidence)
    }

    #[test]
    fn the_name_counts_where_the_content_says_nothing_and_can_then_be_read() {
        let notes = "our_note: it is slow\nsince: monday\n";
        assert_eq!(read("notes.txt", notes), (Kind::Unknown, Confidence::Unknown));
        assert_eq!(read("answers of Anna.txt", notes), (Kind::Answers, Confidence::Likely));
        // Recognised by what it says, whatever it is called.
        let klist = "Current LogonId is 0:0x1\n\nCached Tickets: (0)\n";
        assert_eq!(read("setspn.txt", klist), (Kind::Klist, Confidence::Certain));
        // A name alone makes nothing of text that cannot be read so.
        assert_eq!(read("klist.txt", "HTTP/web.contoso.com\nHTTP/web\n"), (Kind::Unknown, Confidence::Unknown));
        // It looks like it, and nothing is in it.
        assert_eq!(read("x", "C:\\> klist\n"), (Kind::Klist, Confidence::Likely));
    }

    #[test]
    fn the_name_tells_where_a_listing_was_taken_when_nothing_else_does() {
        let role = |name: &str| {
            let mut intake = Intake::new(name);
            intake.push(b"#0>\tClient: a @ B.C\n\tServer: HTTP/web.b.c @ B.C\n\tTicket Flags 0x40a10000 -> forwardable renewable pre_authent name_canonicalize\n");
            let artefact = intake.finish().artefacts.remove(0);
            (artefact.role, artefact.why_role)
        };
        assert_eq!(role("klist-FrontEnd.txt"), (Role::FrontEnd, "the file's name says so".to_owned()));
        assert_eq!(role("client klist.txt").0, Role::Client);
        assert_eq!(role("klist client and front-end.txt").0, role("paste 1").0);
    }
}
