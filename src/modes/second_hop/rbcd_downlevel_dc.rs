//! # A domain controller that is too old for resource-based delegation
//!
//! ## What it is
//! Resource-based delegation is set correctly, but a domain on the way still has domain controllers older than Windows
//! Server 2012.
//!
//! ## Why the hop breaks
//! Such a domain controller does not know the attribute. It refuses the request, or does not understand it.
//!
//! ## What shows it
//! - The operating systems of the domain controllers: one older than 2012.
//! - Event 3 on the front end: KDC_ERR_BADOPTION with 0xc00000bb, or KDC_ERR_POLICY.
//! - `Kdc Called` in klist names such a domain controller.
//!
//! ## What rules it out
//! - All domain controllers are 2012 or later.
//! - The back end's account does not name the front end.
//!
//! ## Fix
//! Retire the old domain controllers; they are out of support. For remaining ones of the users' domains: KB2665790.
//!
//! ## Verify
//! `nltest /dsgetdc:<domain> /ds_8` answers for every domain on the way, and the ticket for the back end appears.
//!
//! ## Versions
//! 2008 R2 and before do not know the attribute. The front end tries again with a 2012 domain controller where one
//! answers.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/kerberos-constrained-delegation-overview>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/cbf102d8-0fb1-4737-811b-18f3121e7b46>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/a47e0084-d6c3-40ba-8c3c-f1eeb3d85ecf>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "rbcd-downlevel-dc",
    hop: Hop::Kdc,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "A domain controller on the way is too old for resource-based delegation.",
    says: "{be_bare} names {fe_bare}, but a domain on the way has a domain controller older than Windows Server 2012, which does not know resource-based delegation.",
    does_not_prove: "That it was this domain controller that refused: Kdc Called in klist names the one that was asked.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "all",
        asked: "n y -",
        tkt: "F",
        model: "R",
        fe: "asc",
        err: "12 13",
        bes: "anon",
        dom: "same xdom xuser",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(any(&[is(Model, &["R", "CR"]), test("test-intended-model", &["resource-based"])])),
        Condition::Required(test("test-downlevel-dc", &["yes"])),
        Condition::Required(test("test-rbcd-names-front-end", &["yes"])),
        Condition::Required(is(Err, &["12", "13"])),
        Condition::Decisive(all(&[
            test("test-downlevel-dc", &["yes"]),
            test("test-rbcd-names-front-end", &["yes"]),
            is(Err, &["12", "13"]),
        ])),
        Condition::Supporting(all(&[test("test-downlevel-dc", &["yes"]), is(Err, &["12", "13"])])),
        Condition::Supporting(test("test-extended-error", &["not-supported"])),
        Condition::Excluding(test("test-downlevel-dc", &["no"])),
        Condition::Excluding(test("test-rbcd-names-front-end", &["no"])),
        Condition::Excluding(test("test-extended-error", &["restricted"])),
        Condition::Excluding(test("test-trust-selective", &["yes"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Tkt, &["x"])),
        Condition::Excluding(is(Hop1, &["R"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Find the old domain controllers, move their roles, and retire them.",
        script: "Get-ADDomainController -Filter * -Server '{fe_domain}' | Format-Table Name,OperatingSystem\nGet-ADDomainController -Filter * -Server '{be_domain}' | Format-Table Name,OperatingSystem",
        language: Language::PowerShell,
        undo: "Nothing to undo: these commands only look.",
        verify: "nltest /dsgetdc:{be_domain} /ds_8",
        expect: "A domain controller of 2012 or later answers in every domain on the way, and the ticket for {be_spn} appears.",
        risk: "Before a domain controller goes: move its roles, DNS and whatever is set to its name.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{accounts, event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;

        let sql = "MSSQLSvc/sql01.contoso.com:1433";
        let named = accounts(&[], "contoso.com", sql, "CN=svc-web,OU=Service,DC=contoso,DC=com");
        let old = "browser: Edge 138\ndomain_controllers: DC01 (2008 R2), DC02 (2019)\n";
        assert_eq!(status(id, &[&named, &event_3(sql), old]), Confirmed);
        assert_eq!(status(id, &[&named, &event_3(sql), "test-downlevel-dc: no"]), RuledOut);
        assert_eq!(status(id, &[&accounts(&[], "contoso.com", sql, ""), &event_3(sql), old]), RuledOut);
        assert_eq!(status(id, &[&named, &event_3(sql)]), Possible);
        let controllers = "PS> Get-ADDomainController -Filter *\n\nHostName        : DC01.contoso.com\nOperatingSystem : Windows Server 2008 R2 Standard\nSite            : Main\n";
        assert_eq!(status(id, &[&named, &event_3(sql), controllers]), Confirmed);
        assert_eq!(status(id, &[&named, &event_3(sql), &controllers.replace("2008 R2", "2022")]), Possible);
        // An old member server is nobody's domain controller.
        let member =
            "Name            : OLD01\nObjectClass     : computer\nOperatingSystem : Windows Server 2008 R2 Standard\n";
        assert_eq!(status(id, &[&named, &event_3(sql), member]), Possible);
        assert_eq!(status(id, &[old]), Possible);
    }
}
