//! # The list has the right service in another form
//!
//! ## What it is
//! The front end's list (msDS-AllowedToDelegateTo) names the right back end, but in another form than the front end asks for:
//! short against full name, without or with another port, instance name against port, another service class.
//!
//! ## Why the hop breaks
//! The domain controller compares the whole name. Letter case does not matter, everything else does.
//!
//! ## What shows it
//! - Event 3 on the front end: error 0xd, and its Target Name is not on the list, though the same host is.
//!
//! ## What rules it out
//! - The list holds exactly that name.
//! - No entry speaks of that host: then the service is simply not listed.
//!
//! ## Fix
//! Add the form that is asked for. SQL Server over TCP asks for full name and port, named instances included; named pipes ask for
//! the instance name; HTTP clients ask for the host without a port.
//!
//! ## Verify
//! The user's session on the front end shows a ticket for exactly that name.
//!
//! ## Versions
//! With dynamic SQL ports the name changes at every start: fix the port. That HOST/ on a list covers HTTP and others is stated by
//! the KCD guide for its scenario, not by MS-SFU.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/sql/database-engine/configure-windows/register-a-service-principal-name-for-kerberos-connections>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/troubleshoot-kerberos-constrained-delegation-issues>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/6d76bf10-3c48-4e14-9992-df1bd456455e>

use super::list_fix::ADD_TO_LIST;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "kcd-spn-form-mismatch",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "The list of {fe_bare} names {be} in another form than {be_spn}.",
    says: "The front end asks for {be_spn}. Its list names the same server in another form, and the domain controller compares the whole name: \
           short or full name, port and instance count, letter case does not.",
    does_not_prove: "That {be} accepts the user once it gets the ticket.",
    row: Row {
        prior: 4,
        hop1: "K",
        scope: "all be",
        asked: "n y -",
        tkt: "F",
        model: "C T",
        fe: "asc",
        err: "13",
        bes: "anon",
        dom: "same",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(is(Model, &["C", "T"])),
        Condition::Required(test("test-list-has-back-end-spn", &["other-form"])),
        Condition::Required(is(Err, &["13"])),
        Condition::Decisive(all(&[is(Err, &["13"]), test("test-list-has-back-end-spn", &["other-form"])])),
        Condition::Supporting(test("test-list-has-back-end-spn", &["other-form"])),
        Condition::Supporting(is(Bes, &["anon"])),
        Condition::Excluding(is(Dom, &["xdom", "dmz"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Tkt, &["x"])),
        Condition::Excluding(test("test-rbcd-names-front-end", &["yes"])),
    ],
    fixes: &[ADD_TO_LIST],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{accounts, event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let sql = "MSSQLSvc/sql01.contoso.com:1433";
        for form in [
            "MSSQLSvc/sql01.contoso.com",
            "MSSQLSvc/sql01:1433",
            "MSSQLSvc/sql01.contoso.com:SALES",
            "mssqlsvc/SQL01.contoso.com:1434",
        ] {
            assert_eq!(status(id, &[&accounts(&[form], "contoso.com", sql, ""), &event_3(sql)]), Confirmed, "{form}");
        }
        assert_eq!(status(id, &[&accounts(&[sql], "contoso.com", sql, ""), &event_3(sql)]), RuledOut);
        assert_eq!(
            status(id, &[&accounts(&["MSSQLSvc/sql02.contoso.com:1433"], "contoso.com", sql, ""), &event_3(sql)]),
            RuledOut
        );
        // A list that the dump cut may have the exact form in the part that is not shown.
        let other = "MSSQLSvc/sql01.contoso.com";
        for cut in ["{MSSQLSvc/sql01.contoso.com...}", "{MSSQLSvc/sql01.contoso.com, MSSQLSvc/sql01.conto...", "{...}"]
        {
            let list = accounts(&[other], "contoso.com", sql, "").replace(
                "AllowedToDelegateTo             : {MSSQLSvc/sql01.contoso.com}",
                &format!("AllowedToDelegateTo : {cut}"),
            );
            assert!(list.contains(cut));
            assert_eq!(status(id, &[&list, &event_3(sql)]), Possible, "{cut}");
        }
    }
}
