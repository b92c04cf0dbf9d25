//! Which kind of delegation is meant, and which browser is concerned.

use super::{LeafTest, YES_NO};
use crate::observations::fold::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs, Question};
use crate::observations::view::View;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-intended-model",
        ask: "Which kind of delegation is the application meant to use?",
        how: "Ask whoever set it up. Whatever the directory says today, this is about the intention.",
        needs: Needs::User,
        options: &[
            Choice { id: "unconstrained", says: "Unconstrained: to any service" },
            Choice { id: "constrained", says: "Constrained: to listed services" },
            Choice { id: "resource-based", says: "Resource-based, set on the back end" },
        ],
        derive: intended,
    },
    LeafTest {
        id: "test-unconstrained-design",
        ask: "Does this site rely on unconstrained delegation?",
        how: "Users and Computers, the account that runs the web application, tab Delegation: Trust … for delegation to any service.",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: unconstrained,
    },
    LeafTest {
        id: "test-chromium",
        ask: "Is the failing browser Edge or Chrome (not IE mode, not Firefox)?",
        how: "An IE logo in the address bar means IE mode.",
        needs: Needs::User,
        options: YES_NO,
        derive: chromium,
    },
    LeafTest {
        id: "test-browser-restarted",
        ask: "Was the browser ended and started again after the policy came (edge://restart, not only its windows closed)?",
        how: "edge://restart, or end every msedge.exe in Task Manager: Startup Boost keeps one alive.",
        needs: Needs::User,
        options: YES_NO,
        derive: restarted,
    },
];

fn intended(view: &View<'_>) -> Observed {
    let Some((text, because)) = view.said("intended_model").or_else(|| view.said("test-intended-model")) else {
        return Observed::Unknown;
    };
    let text = text.to_lowercase();
    let option = if text.contains("unconstrained") || text.contains("any service") {
        "unconstrained"
    } else if text.contains("resource") || text.contains("rbcd") {
        "resource-based"
    } else if text.contains("constrained")
        || text.contains("kcd")
        || text.contains("transition")
        || text.contains("s4u")
    {
        "constrained"
    } else {
        return Observed::Unknown;
    };
    Observed::is(option, because)
}

/// What the person intends counts; else what is configured: ok_as_delegate, or the account's own settings.
fn unconstrained(view: &View<'_>) -> Observed {
    match intended(view) {
        Observed::Is("unconstrained", because) => return Observed::Is("yes", because),
        Observed::Is(_, because) => return Observed::Is("no", because),
        _ => {}
    }
    match fold(Question::Model, view) {
        Observed::Is("U", because) => Observed::Is("yes", because),
        Observed::Is("C" | "T" | "R" | "CR", because) => Observed::Is("no", because),
        _ => Observed::Unknown,
    }
}

fn chromium(view: &View<'_>) -> Observed {
    let captured = view.handshakes().next();
    if let Some((fact, _)) = captured {
        return Observed::is("yes", fact.because("a Chromium browser wrote this capture"));
    }
    match super::client::engine(view) {
        Observed::Is("chromium", because) => Observed::Is("yes", because),
        Observed::Is(_, because) => Observed::Is("no", because),
        _ => Observed::Unknown,
    }
}

fn restarted(view: &View<'_>) -> Observed {
    let Some((text, because)) = view.said("browser_restarted") else { return Observed::Unknown };
    let text = text.to_lowercase();
    if ["reboot", "restart", "edge://restart", "ended", "killed", "task manager"].iter().any(|w| text.contains(w)) {
        return Observed::is("yes", because);
    }
    if ["window", "reopened", "closed"].iter().any(|w| text.contains(w)) {
        return Observed::is("no", because);
    }
    match crate::observations::fold::yes_no(&text) {
        Some(true) => Observed::is("yes", because),
        Some(false) => Observed::is("no", because),
        None => Observed::Unknown,
    }
}
