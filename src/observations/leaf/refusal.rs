//! What the server, the PC or a domain controller says when the first hop is refused: one code, one cause.

use super::{LeafTest, YES_NO};
use crate::case::Located;
use crate::facts::{Failure, FailureContext, LibraryFailure, Role, Statement};
use crate::observations::decryption;
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;
use crate::report::Because;
use crate::vocabulary::codes::{krb, status};
use crate::vocabulary::names::Spn;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-ticket-modified",
        ask: "Does the web server refuse the ticket with KRB_AP_ERR_MODIFIED (0x29, 41)?",
        how: "System log of the PC, source Security-Kerberos, event 4. On Linux the web server's error log.",
        needs: Needs::User,
        options: YES_NO,
        derive: modified,
    },
    LeafTest {
        id: "test-etype-error",
        ask: "Does the domain controller refuse the web server's ticket because of its encryption type (0xe KDC_ERR_ETYPE_NOTSUPP)?",
        how: "klist get HTTP/<host>; System log of the PC, event 3 with 0xe; on the domain controller 4769 with failure code 0xE, or Kdcsvc 203, 204, 208, 209.",
        needs: Needs::User,
        options: YES_NO,
        derive: etype,
    },
    LeafTest {
        id: "test-channel-binding-error",
        ask: "Does the web server log 4625 with status 0xC000035B (channel binding, Extended Protection)?",
        how: "Security log of the web server, event 4625, Status or Sub Status.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: binding,
    },
    LeafTest {
        id: "test-logon-type-refused",
        ask: "Does the web server log 4625 with status 0xC000015B (logon type not granted) for this user?",
        how: "Security log of the web server, event 4625, Status or Sub Status.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: logon_type,
    },
    LeafTest {
        id: "test-loopback-refused",
        ask: "Does the web server log event 6037 (LsaSrv: could not authenticate locally by using the target name)?",
        how: "System log of the web server, source LsaSrv.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: loopback,
    },
    LeafTest {
        id: "test-token-buffer-error",
        ask: "Does the PC or the web server log Security-Kerberos event 6 (output token too large for the buffer)?",
        how: "System log, source Security-Kerberos.",
        needs: Needs::User,
        options: YES_NO,
        derive: buffer,
    },
    LeafTest {
        id: "test-dc-reached",
        ask: "Can the user's PC reach a domain controller right now?",
        how: "nltest /dsgetdc:%USERDNSDOMAIN% /force /kdc",
        needs: Needs::User,
        options: YES_NO,
        derive: dc_reached,
    },
    LeafTest {
        id: "test-logon-server-missing",
        ask: "Does klist get say 0xc000005e (no logon servers), or does Netlogon log 5719?",
        how: "klist get HTTP/<host in the address bar>; System log, source NETLOGON.",
        needs: Needs::User,
        options: YES_NO,
        derive: logon_server,
    },
    LeafTest {
        id: "test-keytab-out-of-date",
        ask: "Does the web server's keytab hold another key version than the directory?",
        how: "On the web server: klist -k -e <keytab>, against kvno HTTP/<host> (or msDS-KeyVersionNumber).",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: keytab,
    },
];

/// The first failure of this kind that does not stand on the back end.
fn failure<'c>(view: &View<'c>, is: impl Fn(&Located<'c>, &Failure) -> bool) -> Option<Because> {
    view.failures()
        .find(|(fact, f)| fact.role() != Role::BackEnd && is(fact, f))
        .map(|(fact, f)| fact.because(f.text.clone()))
}

/// The first failure of the browser's library of this kind.
fn library(view: &View<'_>, is: impl Fn(&LibraryFailure) -> bool) -> Option<Because> {
    view.handshakes().find_map(|(fact, h)| {
        let failed = h.failure.as_ref().filter(|f| is(&f.value))?;
        let says = if failed.value.message.is_empty() {
            format!("the security library fails with {}", crate::observations::status_words(failed.value.status))
        } else {
            format!("the security library fails: {}", failed.value.message)
        };
        Some(fact.because_at(&failed.place, says))
    })
}

fn sspi(failed: &LibraryFailure, word: u32) -> bool {
    failed.status == i64::from(word.cast_signed())
}

fn yes(found: Option<Because>) -> Observed {
    found.map_or(Observed::Unknown, |because| Observed::is("yes", because))
}

/// A web server's answer: event 3 or 4 about the site, its own log, or the KRB-ERROR in its 401.
fn modified(view: &View<'_>) -> Observed {
    let in_log = failure(view, |_, f| {
        let mine = f.spn.as_ref().is_some_and(|s| view.scene.site.is_spn(s));
        let told = f.context == FailureContext::ApReply && mine || f.context == FailureContext::Accept;
        f.krb == Some(krb::MODIFIED) && told
    });
    let in_token = view.exchanges().find_map(|(fact, e)| {
        let token = e.answer_token.as_ref()?;
        let code = token.value.krb_error?;
        let says = format!("the server's answer carries the Kerberos error {code}");
        Some((code == krb::MODIFIED, fact.because_at(&token.place, says)))
    });
    match (in_log, in_token) {
        (Some(because), _) | (None, Some((true, because))) => Observed::is("yes", because),
        (None, Some((false, because))) => Observed::is("no", because),
        (None, None) => yes(library(view, |f| sspi(f, status::SEC_E_WRONG_PRINCIPAL))),
    }
}

/// About the site or the account that owns its SPN, or without a service and asked by the user's own PC.
fn etype(view: &View<'_>) -> Observed {
    let at_kdc = failure(view, |fact, f| {
        let mine = match (&f.spn, &f.service) {
            (Some(spn), _) => view.scene.site.is_spn(spn),
            (None, Some(account)) => decryption::is_site_account(view, account),
            (None, None) => fact.role() == Role::Client,
        };
        f.krb == Some(krb::ETYPE_NOSUPP) && mine
    });
    let keytab =
        || failure(view, |_, f| f.context == FailureContext::Accept && f.text.contains("but not with enctype"));
    let browser = || {
        library(view, |f| {
            sspi(f, status::SEC_E_KDC_UNKNOWN_ETYPE)
                || f.message.to_lowercase().contains("no support for encryption type")
        })
    };
    let asked = || {
        view.ticket_requests().find_map(|(fact, r)| {
            let mine = r.spn.as_ref().is_none_or(|s| view.scene.site.is_spn(s)) && fact.role() != Role::FrontEnd;
            let refused = r.status == Some(status::SEC_E_KDC_UNKNOWN_ETYPE);
            (mine && !r.issued && refused)
                .then(|| fact.because("the domain controller does not support the encryption type"))
        })
    };
    yes(at_kdc.or_else(keytab).or_else(browser).or_else(asked))
}

fn binding(view: &View<'_>) -> Observed {
    let bad = |s: u32| matches!(s, status::BAD_BINDINGS | status::SEC_E_BAD_BINDINGS);
    yes(failure(view, |_, f| f.status.is_some_and(bad)))
}

fn logon_type(view: &View<'_>) -> Observed {
    yes(failure(view, |_, f| f.status == Some(status::LOGON_TYPE_NOT_GRANTED)))
}

fn loopback(view: &View<'_>) -> Observed {
    yes(failure(view, |_, f| f.event == Some(6037)))
}

fn buffer(view: &View<'_>) -> Observed {
    yes(failure(view, |_, f| f.event == Some(6) && f.krb.is_none()))
}

fn dc_reached(view: &View<'_>) -> Observed {
    let no_kdc = ["cannot contact any kdc", "cannot find kdc for realm", "unable to reach any kdc"];
    let lost = library(view, |f| {
        sspi(f, status::SEC_E_NO_AUTHENTICATING_AUTHORITY)
            || no_kdc.iter().any(|w| f.message.to_lowercase().contains(w))
    });
    let lost = lost.or_else(|| failure(view, |fact, f| f.event == Some(200) && fact.role() != Role::FrontEnd));
    if let Some(because) = lost {
        return Observed::is("no", because);
    }
    super::kdc_does_not_know(view).map_or(Observed::Unknown, |because| Observed::is("yes", because))
}

fn logon_server(view: &View<'_>) -> Observed {
    let asked = view.ticket_requests().find_map(|(fact, r)| {
        let mine = fact.role() != Role::FrontEnd && !r.issued;
        (mine && r.status == Some(status::NO_LOGON_SERVERS)).then(|| fact.because("klist finds no logon server"))
    });
    yes(asked.or_else(|| failure(view, |_, f| f.event == Some(5719))))
}

/// MIT says so: the ticket's key version is not in the keytab. Or the two versions were looked up.
fn keytab(view: &View<'_>) -> Observed {
    let versions = |key: &str| {
        let told = view.scene.facts.iter().filter_map(move |fact| match fact.says() {
            Statement::Answer(a) if a.key == key => {
                a.value.rsplit_once(' ').map(|(spn, version)| (*fact, spn, version))
            }
            _ => None,
        });
        let mine =
            |(_, spn, _): &(Located<'_>, &str, &str)| Spn::parse(spn).is_some_and(|s| view.scene.site.is_spn(&s));
        told.filter(mine).collect::<Vec<_>>()
    };
    let held = versions("keytab");
    // Java takes a key without a version (0) for any.
    if let Some((fact, spn, asked)) = versions("kvno").last().filter(|_| !held.iter().any(|(_, _, v)| *v == "0"))
        && let Some((keys, _, old)) = held.last()
    {
        let because = vec![
            fact.because(format!("tickets for {spn} are issued with key version {asked}")),
            keys.because(format!("the keytab's last one is {old}")),
        ];
        return Observed::Is(if held.iter().any(|(_, _, v)| v == asked) { "no" } else { "yes" }, because);
    }
    yes(failure(view, |_, f| {
        let text = f.text.to_lowercase();
        f.context == FailureContext::Accept
            && (text.contains("is likely out of date")
                || text.contains("kvno") && text.contains("found in keytab but cannot decrypt")
                || text.contains("key version is not available")
                || text.contains("version of key is not available"))
    }))
}
