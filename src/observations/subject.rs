//! Two users in one paste, one who works beside one who does not: whom is it about?

use super::scene::Scene;
use super::second_hop::is_own_logon;
use crate::facts::{Statement, Ticket};
use crate::vocabulary::names::{AccountName, Principal};

/// Of several users whose tickets were pasted the only one with whom something is wrong: tickets that are not forwardable, or
/// a failure that names the user. `None` where there is only one user, or nothing tells them apart.
pub fn of<'c>(scene: &Scene<'c>) -> Option<&'c Principal> {
    let mut users: Vec<(&Principal, bool)> = Vec::new();
    for fact in scene.facts {
        let Statement::Ticket(t) = fact.says() else { continue };
        if t.held_by_service || !is_person(t) || is_own_logon(scene.facts, fact, t) {
            continue;
        }
        let site = t.server.as_ref().is_some_and(|s| s.is_http() && scene.site.is_spn(s));
        let fails = (site || t.is_tgt()) && t.forwardable() == Some(false);
        match users.iter_mut().find(|(known, _)| known.name.eq_ignore_ascii_case(&t.client.name)) {
            Some((_, failing)) => *failing |= fails,
            None => users.push((&t.client, fails)),
        }
    }
    if users.len() < 2 {
        return None;
    }
    let refused = |user: &Principal| {
        let name = AccountName::parse(&user.name);
        scene.facts.iter().any(|fact| match fact.says() {
            // Event 18 names whose ticket ran out in its text only.
            Statement::Failure(f) if f.event == Some(18) => f.text.to_lowercase().contains(&user.name.to_lowercase()),
            Statement::Failure(f) => name.as_ref().zip(f.requester.as_ref()).is_some_and(|(n, r)| n.same(r)),
            _ => false,
        })
    };
    let mut failing = users.iter().filter(|(user, fails)| *fails || refused(user)).map(|(user, _)| *user);
    failing.next().filter(|_| failing.next().is_none())
}

/// "klist from my own admin console (adm.dupont)", while it is everybody else who fails: whose tickets these are says nothing of
/// those who are meant.
pub fn only_looks(scene: &Scene<'_>, user: &AccountName) -> bool {
    let name = user.bare().to_lowercase();
    let says = |text: &str, words: &[&str]| words.iter().any(|w| text.contains(w));
    let answers = || {
        scene.facts.iter().filter_map(|fact| match fact.says() {
            Statement::Answer(a) => Some((a.key.as_str(), a.value.to_lowercase())),
            _ => None,
        })
    };
    let own = answers().any(|(key, text)| {
        key != "symptom"
            && text.contains(&name)
            && says(&text, &["my own", "admin console", "admin account", "administrator"])
    });
    let others = |(key, text): (&str, String)| {
        key == "symptom"
            && !text.contains(&name)
            && says(&text, &["every ", "everyone", "everybody", "all users", "alle ", "tous ", "todos "])
    };
    own && answers().any(others)
}

/// No computer and no service.
pub fn is_person(ticket: &Ticket) -> bool {
    !ticket.client.name.contains('/') && !ticket.client.name.ends_with('$')
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::diagnose;

    #[test]
    fn the_one_who_fails_is_meant_whoever_comes_first() {
        let klist = |user: &str, word: &str| {
            format!(
                "Current LogonId is 0:0x1\n\nCached Tickets: (1)\n\n#0>\tClient: {user} @ CONTOSO.COM\n\tServer: HTTP/web.contoso.com @ CONTOSO.COM\n\
                 \tTicket Flags {word}\n\tStart Time: 11/24/2026 8:00:00 (local)\n\tCache Flags: 0\n"
            )
        };
        let fine = klist("alice", "0x40a10000 -> forwardable renewable pre_authent name_canonicalize");
        let failing = klist("bob", "0xa10000 -> renewable pre_authent name_canonicalize");
        for pastes in [[fine.as_str(), &failing], [failing.as_str(), &fine]] {
            let report = diagnose(&pastes);
            assert_eq!(report.topology.user.as_deref(), Some("bob"));
            let tkt = report.observations.iter().find(|o| o.question == "tkt").map(|o| o.option.as_str());
            assert_eq!(tkt, Some("x"));
        }
        // Both alike: the first is as good as the other.
        assert_eq!(diagnose(&[&fine, &fine.replace("alice", "carol")]).topology.user.as_deref(), Some("alice"));
    }
    #[test]
    fn an_administrator_who_only_looks_is_not_meant() {
        let klist = "Current LogonId is 0:0x1\n\nCached Tickets: (1)\n\n#0>\tClient: adm.jo @ CONTOSO.COM\n\tServer: HTTP/web.contoso.com @ CONTOSO.COM\n\
                     \tTicket Flags 0xa10000 -> renewable pre_authent name_canonicalize\n\tCache Flags: 0\n";
        let tkt = |words: &str| {
            let report = diagnose(&[klist, words]);
            report.observations.into_iter().find(|o| o.question == "tkt").map(|o| o.option)
        };
        assert_eq!(
            tkt("symptom: every accountant gets an empty page\nklist: from my own admin console (adm.jo)\n"),
            None
        );
        assert_eq!(tkt("symptom: every accountant gets an empty page\n").as_deref(), Some("x"));
        assert_eq!(tkt("symptom: only adm.jo fails\nklist: my own, adm.jo\n").as_deref(), Some("x"));
    }
}
