//! How the web server is set up: what it offers, whom it lets in, what stands in front of it.

use super::{LeafTest, YES_NO};
use crate::observations::decryption::iis;
use crate::observations::fold::HEADER_FULL;
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;
use crate::report::Because;

/// A token of this length leaves room for every usual header.
const HEADER_FREE: u64 = 8_000;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-offers-only-ntlm",
        ask: "Does the server's first 401 offer only NTLM or Basic, no Negotiate?",
        how: "Developer tools, Network, the first 401, response headers: WWW-Authenticate. Or IIS Manager, Authentication, Windows Authentication, Providers.",
        needs: Needs::User,
        options: YES_NO,
        derive: only_ntlm,
    },
    LeafTest {
        id: "test-challenged",
        ask: "Does the server answer the first request with 401?",
        how: "Developer tools, Network, in a new browser process: the first request to the page.",
        needs: Needs::User,
        options: YES_NO,
        derive: challenged,
    },
    LeafTest {
        id: "test-anonymous-enabled",
        ask: "Is Anonymous Authentication enabled for this application?",
        how: "IIS Manager, the application, Authentication.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: anonymous,
    },
    LeafTest {
        id: "test-session-based",
        ask: "Does the test page say Negotiate (Session Based), or does the request carry no Authorization header?",
        how: "whoami.aspx, Authentication Method; developer tools, Network, request headers.",
        needs: Needs::User,
        options: YES_NO,
        derive: session_based,
    },
    LeafTest {
        id: "test-fresh-process-differs",
        ask: "Does the test page show something else after every browser process was ended and the page loaded anew?",
        how: "End every msedge.exe (Task Manager) or wait five minutes without the page, then load it once.",
        needs: Needs::User,
        options: YES_NO,
        derive: nothing,
    },
    LeafTest {
        id: "test-header-too-long",
        ask: "Does the answer say Request Header Too Long (HTTPERR: RequestLength or FieldLength)?",
        how: "The text of the error page; on the server %SystemRoot%\\System32\\LogFiles\\HTTPERR.",
        needs: Needs::User,
        options: YES_NO,
        derive: too_long,
    },
    LeafTest {
        id: "test-nodes-same-identity",
        ask: "Does the application run as the same domain account on every node?",
        how: "IIS Manager on each node: the application pool's identity, useKernelMode and useAppPoolCredentials.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: same_on_nodes,
    },
    LeafTest {
        id: "test-works-around-proxy",
        ask: "Does the page work when you go past the proxy or load balancer straight to the server, by the same name?",
        how: "On one PC, for the test only, an entry in the hosts file: the site's name with the server's own address.",
        needs: Needs::User,
        options: YES_NO,
        derive: nothing,
    },
    LeafTest {
        id: "test-tls-ends-before-server",
        ask: "Is TLS ended or inspected before the web server (load balancer, proxy, security product)?",
        how: "Compare the certificate in the browser with the one that is bound in IIS.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: nothing,
    },
    LeafTest {
        id: "test-host-is-right",
        ask: "Does the name in the address bar lead to the machine that runs the web application?",
        how: "nslookup <host>, the hosts file of the PC; compare with the server's own addresses.",
        needs: Needs::User,
        options: YES_NO,
        derive: nothing,
    },
    LeafTest {
        id: "test-secure-channel",
        ask: "Is the web server's secure channel to its domain good?",
        how: "On the web server, elevated PowerShell: Test-ComputerSecureChannel",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: nothing,
    },
    LeafTest {
        id: "test-ticket-in-own-forest",
        ask: "Does a user of the web server's own forest get a ticket for this name?",
        how: "As such a user: klist get HTTP/<host in the address bar>",
        needs: Needs::User,
        options: YES_NO,
        derive: nothing,
    },
    LeafTest {
        id: "test-suffix-routed",
        ask: "Is the name's DNS suffix enabled in the routing list of the forest trust?",
        how: "Domains and Trusts in the user's forest, the trust to the server's forest, Properties, Name Suffix Routing. Or netdom trust <user's domain> /domain:<server's domain> /NameSuffixes:<server's domain>",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: |view| super::trust::routed(view).unwrap_or_default(),
    },
];

/// Only people know.
fn nothing(_: &View<'_>) -> Observed {
    Observed::Unknown
}

/// The schemes of the first challenges; a 401 with a token in it is the middle of a conversation.
fn challenges(view: &View<'_>) -> Vec<(Vec<String>, Because)> {
    let offered = |schemes: &Vec<String>| format!("the server offers {}", schemes.join(", "));
    let captured = view.handshakes().filter_map(|(fact, h)| {
        let schemes = h.offered.as_ref()?;
        Some((schemes.value.clone(), fact.because_at(&schemes.place, offered(&schemes.value))))
    });
    let pasted = view.exchanges().filter(|(_, e)| e.answer_token.is_none()).filter_map(|(fact, e)| {
        let schemes = e.offered.as_ref()?;
        Some((schemes.value.clone(), fact.because_at(&schemes.place, offered(&schemes.value))))
    });
    captured.chain(pasted).filter(|(schemes, _)| !schemes.is_empty()).collect()
}

fn is_negotiate(scheme: &str) -> bool {
    let scheme = scheme.to_lowercase();
    scheme.starts_with("negotiate") || scheme.starts_with("kerberos")
}

/// No where one and the same pool decrypts with its own account in one configuration, and with the computer's in another.
fn same_on_nodes(view: &View<'_>) -> Observed {
    let decrypts = view.iis().filter(|(_, i)| i.windows.is_some()).map(|(fact, i)| {
        let kernel = i.kernel_mode.as_ref().is_none_or(|k| k.value);
        let pool = !kernel || i.app_pool_credentials.as_ref().is_some_and(|c| c.value);
        let says = if pool { "here the pool's account decrypts" } else { "here the computer account decrypts" };
        (pool, &i.path, i.windows.as_ref().map_or_else(|| fact.because(says), |w| fact.because_at(&w.place, says)))
    });
    let all: Vec<_> = decrypts.collect();
    let differs = all.first().and_then(|(one, path, because)| {
        let other = all.iter().find(|(pool, at, _)| pool != one && at == path && at.is_some())?;
        Some(vec![because.clone(), other.2.clone()])
    });
    differs.map_or(Observed::Unknown, |because| Observed::Is("no", because))
}

fn only_ntlm(view: &View<'_>) -> Observed {
    let offers = challenges(view);
    if let Some((_, because)) = offers.iter().find(|(schemes, _)| schemes.iter().any(|s| is_negotiate(s))) {
        return Observed::is("no", because.clone());
    }
    let windows = |s: &String| s.to_lowercase().starts_with("ntlm") || s.to_lowercase().starts_with("basic");
    if let Some((_, because)) = offers.iter().find(|(schemes, _)| schemes.iter().any(windows)) {
        return Observed::is("yes", because.clone());
    }
    let Some((fact, providers)) = iis(view, |i| i.providers.as_ref()) else { return Observed::Unknown };
    let has = providers.value.iter().any(|p| is_negotiate(p));
    let says = format!("the providers are {}", providers.value.join(", "));
    Observed::is(if has || providers.value.is_empty() { "no" } else { "yes" }, fact.because_at(&providers.place, says))
}

fn challenged(view: &View<'_>) -> Observed {
    let captured = challenges(view).into_iter().next();
    let bare = view.exchanges().find_map(|(f, e)| {
        e.status.as_ref().filter(|s| s.value == 401).map(|s| f.because_at(&s.place, "the server answers 401"))
    });
    captured.map(|(_, b)| b).or(bare).map_or(Observed::Unknown, |because| Observed::is("yes", because))
}

fn anonymous(view: &View<'_>) -> Observed {
    let Some((fact, enabled)) = iis(view, |i| i.anonymous.as_ref()) else { return Observed::Unknown };
    let says =
        if enabled.value { "Anonymous Authentication is enabled" } else { "Anonymous Authentication is disabled" };
    Observed::is(if enabled.value { "yes" } else { "no" }, fact.because_at(&enabled.place, says))
}

fn session_based(view: &View<'_>) -> Observed {
    view.identities()
        .filter(|(_, i)| !i.of_back_end)
        .find_map(|(fact, i)| {
            let method = i.method.as_ref()?;
            let text = method.value.to_lowercase();
            let option = if text.contains("session") {
                "yes"
            } else if text.contains("kerberos") || text.contains("ntlm") {
                "no"
            } else {
                return None;
            };
            Some(Observed::is(option, fact.because_at(&method.place, format!("the page says {}", method.value))))
        })
        .unwrap_or_default()
}

/// The words of the answer, or a token that is as long as a header may be. A short token and a 400 are another fault.
fn too_long(view: &View<'_>) -> Observed {
    if let Some((text, because)) = view.said("symptom") {
        let text = text.to_lowercase();
        if [
            "header too long",
            "request too long",
            "headers too large",
            "header fields too large",
            "requestlength",
            "fieldlength",
        ]
        .iter()
        .any(|w| text.contains(w))
        {
            return Observed::is("yes", because);
        }
    }
    if let Some((_, because)) = view.said("hop1").filter(|(text, _)| text.trim().eq_ignore_ascii_case("B")) {
        return Observed::is("yes", because);
    }
    let captured = view.handshakes().filter_map(|(fact, h)| {
        let sent = h.token_sent.as_ref().filter(|t| t.value > 0)?;
        Some((sent.value, fact.because_at(&sent.place, format!("the Authorization header has {} bytes", sent.value))))
    });
    let pasted = view.exchanges().filter_map(|(fact, e)| {
        let token = e.token.as_ref()?;
        // Base64 makes four characters of three bytes.
        let length = token.value.bytes.saturating_mul(4) / 3;
        Some((length, fact.because_at(&token.place, format!("the token has {} bytes", token.value.bytes))))
    });
    match captured.chain(pasted).max_by_key(|(length, _)| *length) {
        Some((length, because)) if length >= HEADER_FULL => Observed::is("yes", because),
        Some((length, because)) if length < HEADER_FREE => Observed::is("no", because),
        _ => Observed::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::observed_test;

    #[test]
    fn nodes_that_differ_in_who_decrypts() {
        let node = |pool: bool| {
            format!(
                "<location path=\"Portal\">\n<windowsAuthentication enabled=\"true\" useKernelMode=\"true\" useAppPoolCredentials=\"{pool}\">\n</windowsAuthentication>\n</location>\n"
            )
        };
        let nodes = |one, other| observed_test("test-nodes-same-identity", &[&(node(one) + &node(other))]);
        assert_eq!(nodes(true, false), Some("no"));
        assert_eq!(nodes(true, true), None);
    }
}
