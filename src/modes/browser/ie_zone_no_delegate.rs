//! # Internet Explorer delegates only in two zones
//!
//! ## What it is
//! The page is shown by Internet Explorer or by IE mode, and the site is in the zone Internet (or Restricted sites).
//!
//! ## Why the hop breaks
//! Internet Explorer asks for delegation by itself, but only in Local intranet and Trusted sites. In the zone Internet Kerberos
//! may work, and nothing is forwarded.
//!
//! ## What shows it
//! - The page's properties in IE mode show the zone Internet.
//! - klist: the ticket has `ok_as_delegate`; the web server's session has no forwarded ticket-granting ticket.
//! - whoami.aspx shows the level Impersonation.
//!
//! ## What rules it out
//! - The zone is Local intranet or Trusted sites.
//! - Edge or Chrome itself shows the page.
//!
//! ## Fix
//! Put the host into Local intranet by group policy.
//!
//! ## Verify
//! whoami.aspx in IE mode shows the level Delegation.
//!
//! ## Versions
//! All versions; IE mode keeps Internet Explorer's rules. Microsoft's article on Edge says that Internet Explorer passes the
//! flag by default; its article on Internet Explorer names the two zones.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://learn.microsoft.com/en-us/deployedge/per-site-configuration-by-policy>

use super::sign_in_fix::LOCAL_INTRANET;
use crate::modes::prelude::*;
use crate::modes::right_to_delegate::constrained_fix::CONSTRAINED_INSTEAD;

/// The mode.
pub const MODE: Mode = Mode {
    id: "ie-zone-no-delegate",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ask,
    title: "IE mode does not delegate: {site} is in the zone Internet.",
    says: "Internet Explorer and IE mode ask for delegation only in the zones Local intranet and Trusted sites. {site} is in neither, so the user's ticket-granting ticket stays at home.",
    does_not_prove: "That {be} accepts the user once the ticket arrives.",
    row: Row {
        prior: 1,
        hop1: "K P",
        scope: "ie",
        asked: "-",
        tkt: "FO",
        model: "U",
        fe: "asc",
        err: "none 13",
        bes: "anon",
        fspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-unconstrained-design", &["yes"])),
        Condition::Required(any(&[test("test-engine", &["ie"]), is(Scope, &["ie"])])),
        Condition::Decisive(all(&[
            any(&[test("test-engine", &["ie"]), is(Scope, &["ie"])]),
            test("test-zone", &["internet"]),
        ])),
        Condition::Excluding(test("test-zone", &["intranet", "trusted"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        Condition::Excluding(is(Scope, &["cr", "ff", "px"])),
        Condition::Excluding(is(Hop1, &["N", "R", "A", "B"])),
    ],
    fixes: &[CONSTRAINED_INSTEAD, LOCAL_INTRANET],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let with = |answers: &str| status(id, &[KLIST_DELEGATABLE, answers]);
        assert_eq!(with("browser: Edge, IE mode\nzone: Internet"), Confirmed);
        assert_eq!(with("scope: ie\ntest-zone: internet"), Confirmed);
        assert_eq!(with("browser: Edge, IE mode"), Possible);
        assert_eq!(with("browser: Edge, IE mode\nzone: Local intranet"), RuledOut);
        assert_eq!(with("browser: Edge 138\nzone: Internet"), Possible);
        assert_eq!(status(id, &["browser: IE 11\nzone: Internet"]), Possible);
        assert_eq!(status(id, &["browser: IE 11\nzone: Internet\nintended_model: constrained"]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, "zone: Internet"]), Possible);
    }
}
