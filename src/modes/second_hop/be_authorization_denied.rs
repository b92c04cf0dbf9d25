//! # The back end knows the user and refuses
//!
//! ## What it is
//! The user's identity arrives at the back end as it should. The back end does not give this user the right.
//!
//! ## Why the hop breaks
//! The hop does not break: authentication works, authorisation says no.
//!
//! ## What shows it
//! - The back end's own error names the user: Login failed for user 'CONTOSO\alice', HTTP 403, access denied in its log.
//! - Event 4624 on the back end: Kerberos, the user, Transited Services not empty.
//! - The user's session on the front end holds a ticket for the back end.
//!
//! ## What rules it out
//! - The back end sees a service account or ANONYMOUS LOGON.
//! - The back end calls a further service, and that one refuses.
//!
//! ## Fix
//! Grant the right at the back end, to a group.
//!
//! ## Verify
//! The same request succeeds; or it succeeds at once for a user who has the right.
//!
//! ## Versions
//! No dependence on a version is known. A 403 can come before any sign-in (address restrictions, TLS required): only the user's name
//! or ticket makes it this.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/diagnostics-pages-windows-integrated-authentication>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-authorization-denied",
    hop: Hop::BackEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "Delegation works: {be} knows {user}, and does not allow the access.",
    says: "The identity of {user} arrives at {be}. What refuses is {be} itself: the user, or a group of the user, lacks the right there. Kerberos and delegation need no change.",
    does_not_prove: "Which right is missing: the back end's own log tells.",
    row: Row {
        prior: 3,
        hop1: "K",
        scope: "us all",
        tkt: "F FO",
        fe: "be fwd",
        err: "none",
        bes: "user",
        fspn: "ok",
        bspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Bes, &["user"])),
        Condition::Required(test("test-back-end-denies-user", &["yes"])),
        Condition::Decisive(test("test-back-end-denies-user", &["yes"])),
        Condition::Excluding(test("test-third-hop-refused", &["yes"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "41", "40b", "loc"])),
        Condition::Excluding(is(Hop1, &["R", "P", "B"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Grant the right at the back end, to a group that the user is in.",
        script: "USE <database>;\nCREATE LOGIN [<DOMAIN\\group>] FROM WINDOWS;\nCREATE USER [<DOMAIN\\group>] FOR LOGIN [<DOMAIN\\group>];\nALTER ROLE db_datareader ADD MEMBER [<DOMAIN\\group>];",
        language: Language::Text,
        undo: "ALTER ROLE db_datareader DROP MEMBER [<DOMAIN\\group>];\nDROP USER [<DOMAIN\\group>];\nDROP LOGIN [<DOMAIN\\group>];",
        verify: "Load the page as {user}",
        expect: "The back end serves the request. Group memberships count from the next sign-in.",
        risk: "Grant to a group and only what is needed. The lines above are for SQL Server; a share or an API has its own place for rights.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let user = "~ Who Am I Page ~\n\nAuthentication Method:   Negotiate (KERBEROS)\nIdentity:   CONTOSO\\maria\n";
        let refused = |who: &str| format!("Login failed for user '{who}'. (Microsoft SQL Server, Error: 18456)");
        assert_eq!(status(id, &[user, &refused("CONTOSO\\maria")]), Confirmed);
        assert_eq!(status(id, &[user, &refused("CONTOSO\\WEB07$")]), RuledOut);
        assert_eq!(status(id, &[user, &refused("NT AUTHORITY\\ANONYMOUS LOGON")]), RuledOut);
        // The back end's own logon says who was brought, and by whom.
        let logon = "An account was successfully logged on.\n\nNew Logon:\n\tAccount Name:\t\tmaria\n\tAccount Domain:\t\tCONTOSO\n\tLogon Process:\t\tKerberos\n\
                     \tAuthentication Package:\tKerberos\n\tTransited Services:\tWEB07$@CONTOSO.COM\n";
        assert_eq!(status(id, &[logon, &refused("CONTOSO\\maria")]), Confirmed);
        assert_eq!(status(id, &[&logon.replace("WEB07$@CONTOSO.COM", "-"), &refused("CONTOSO\\maria")]), Possible);
        // A name alone may be the service's.
        assert_eq!(status(id, &[&refused("CONTOSO\\maria")]), Possible);
        // A 403 without a name may come before any sign-in.
        let forbidden = "front_end: web.contoso.com\n\nGET http://api07.contoso.com/x: The remote server returned an error: (403) Forbidden.";
        assert_eq!(status(id, &[forbidden]), Possible);
        assert_eq!(status(id, &[user, &refused("CONTOSO\\maria"), "test-third-hop-refused: yes\n"]), RuledOut);
    }
}
