//! # The application got a token that may only identify the user
//!
//! ## What it is
//! The application makes a Windows token for a user who signed in by another way (forms, certificate, claims). The process lacks the
//! right "Act as part of the operating system", so the token is of level Identification.
//!
//! ## Why the hop breaks
//! A token of level Identification may be looked at, not acted with. Opening anything as that user fails (error 1346), and no ticket
//! for the back end is asked for.
//!
//! ## What shows it
//! - Error 1346 (0x542): a required impersonation level was not provided.
//! - ImpersonationLevel Identification on a page of the application.
//!
//! ## What rules it out
//! - The level is Impersonation or Delegation.
//! - A ticket for the back end is in the user's session.
//!
//! ## Fix
//! Make the token in a small service of its own that has the right (such as Claims to Windows Token Service), not in the web
//! application. Giving the right to the web application's account is the worse way.
//!
//! ## Verify
//! ImpersonationLevel is Impersonation, and the user's session holds a ticket for the back end.
//!
//! ## Versions
//! Since Windows Server 2003. C2WTS is not part of SharePoint Server Subscription Edition any more.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2003/cc772683(v=ws.10)>
//! - <https://learn.microsoft.com/en-us/windows/win32/secauthz/impersonation-levels>
//! - <https://joshroark.com/sharepoint-facts-and-troubleshooting-the-claims-to-windows-token-service-c2wts/>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "s4u-identification-only",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Evidence,
    title: "The user's token on {site} is of level Identification: the application cannot act as the user.",
    says: "The application made a token for the user by itself. Its process lacks the right to act as part of the operating system, so the token can only be looked at, and no ticket for {be} is ever asked for.",
    does_not_prove: "That delegation with any protocol is allowed for this account: it is needed as well.",
    row: Row {
        prior: 1,
        hop1: "A N P K",
        scope: "all",
        asked: "n y -",
        tkt: "0 F",
        model: "T R CR",
        fe: "s4u no",
        err: "none loc -",
        bes: "anon svc -",
        bspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-token-is-identification", &["yes"])),
        Condition::Decisive(test("test-token-is-identification", &["yes"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "41", "40b"])),
        Condition::Excluding(is(Bes, &["user"])),
    ],
    fixes: &[FixTemplate {
        who: Who::Developer,
        does: "Make the token in a service of its own with that right, and let only the application call it. For SharePoint up to 2019: Claims to Windows Token Service.",
        script: "whoami /priv   # in the service's session: SeTcbPrivilege must be listed",
        language: Language::Cmd,
        undo: "Stop and remove that service again.",
        verify: "WindowsIdentity.ImpersonationLevel in the application; then klist -li 0x<the user's session> on the web server",
        expect: "Impersonation, and a ticket for {be_spn}.",
        risk: "Who holds the right \"Act as part of the operating system\" can become anybody on that server. Never give it to the account of the web application itself; the account also needs delegation with any protocol, as narrow as possible.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let page = |level: &str| {
            format!(
                "~ Who Am I Page ~\n\nIdentity:   CONTOSO\\maria\n\nIdentity (System.Threading.Thread.CurrentPrincipal.Identity)\nImpersonationLevel:   {level}\nName:   CONTOSO\\maria\n"
            )
        };
        assert_eq!(status(id, &[&page("Identification")]), Confirmed);
        assert_eq!(status(id, &[&page("Impersonation")]), RuledOut);
        assert_eq!(
            status(id, &["symptom: either a required impersonation level was not provided (1346)\n"]),
            Confirmed
        );
        assert_eq!(status(id, &["System.IO.IOException: Fehler (Ausnahme von HRESULT: 0x80070542)\n"]), Confirmed);
        assert_eq!(status(id, &["identity(upn).ImpersonationLevel = Identification\n"]), Confirmed);
        assert_eq!(status(id, &["model: T\nhop1: A\n"]), Possible);
        assert_eq!(status(id, &[&page("Identification"), "err: 13\n"]), RuledOut);
    }
}
