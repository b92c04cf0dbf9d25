//! # The page opens in IE mode
//!
//! ## What it is
//! The site is sent to IE mode. Edge's own policies and captures then say nothing about it; and a success there says nothing
//! about Edge itself.
//!
//! ## Why the hop breaks
//! Two engines, two sets of rules: IE mode goes by zones, Edge by AuthNegotiateDelegateAllowlist. Whoever changes one and tests
//! with the other sees no effect.
//!
//! ## What shows it
//! - An IE logo in the address bar.
//! - net-export shows no authentication of the host although the page needs one.
//! - It works in IE mode and fails after leaving it.
//!
//! ## What rules it out
//! - net-export shows how the host was authenticated.
//!
//! ## Fix
//! Decide which engine is meant. For Edge: the allow-list; for IE mode: the zones.
//!
//! ## Verify
//! The capture shows AUTH_ events of the host.
//!
//! ## Versions
//! Edge 77 and later. A capture that began after the connection was authenticated shows the same gap: start it first, after a
//! fresh start of the browser.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/deployedge/edge-ie-mode>
//! - <https://learn.microsoft.com/en-us/deployedge/per-site-configuration-by-policy>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "ie-mode-masks-edge",
    hop: Hop::Browser,
    basis: Basis::Inferred,
    stage: Stage::Ask,
    title: "The page opens in IE mode: Edge's policies and captures say nothing about it.",
    says: "{site} is shown by the engine of Internet Explorer. It follows the zones, not AuthNegotiateDelegateAllowlist, and never appears in edge://net-export. What was changed \
           or captured for Edge itself has no bearing on what is seen.",
    does_not_prove: "What fails in the engine that is meant: capture it there.",
    row: Row { prior: 1, hop1: "K", scope: "cr ie", asked: "-", tkt: "FO F", ..Row::ANY },
    conditions: &[
        Condition::Required(test("test-engine", &["ie"])),
        Condition::Required(test("test-capture-shows-site", &["no"])),
        Condition::Decisive(all(&[test("test-engine", &["ie"]), test("test-capture-shows-site", &["no"])])),
        Condition::Supporting(test("test-ie-mode-configured", &["yes"])),
        Condition::Supporting(test("test-engine", &["ie"])),
        Condition::Excluding(is(Scope, &["ff", "px"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ClientAdmin,
        does: "Decide which engine shall show {site}, and set it up for that one.",
        script: "edge://compat/enterprise: is {site} in the list?\n\
                 edge://policy: InternetExplorerIntegrationLevel, InternetExplorerIntegrationSiteList, SendIntranetToInternetExplorer.\n\
                 For Edge itself: take the site off the list, then AuthNegotiateDelegateAllowlist counts.\n\
                 For IE mode: the zone counts, Local intranet or Trusted sites.",
        language: Language::Text,
        undo: "Put the site back on the list.",
        verify: "edge://net-export: start, load the page in a fresh tab, stop",
        expect: "The file has AUTH_CONTROLLER with the URL of {site}.",
        risk: "Sending a site back to IE mode to \"repair\" delegation silently brings unconstrained delegation back for it.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        // A capture of another page: nothing in it authenticates.
        let (head, _) = NET_EXPORT_NOT_ASKED.split_once("\"events\": [").unwrap();
        let empty = format!(
            "{head}\"events\": [\n{{\"params\":{{\"method\":\"GET\",\"url\":\"https://start.contoso.com/\"}},\"phase\":1,\"source\":{{\"id\":1,\"type\":1}},\"time\":\"1\",\"type\":18}}],\n\"polledData\": {{}}}}\n"
        );
        let said = "url: https://intranet.contoso.com/\nbrowser: Edge 138, IE mode";
        assert_eq!(status(id, &[&empty, said]), Confirmed);
        assert_eq!(status(id, &[said, "ie_mode_site_list: yes"]), Likely);
        assert_eq!(status(id, &[&empty]), Possible);
        assert_eq!(status(id, &[said]), Possible);
        assert_eq!(status(id, &[&empty, "browser: Edge 138"]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, said]), RuledOut);
    }
}
