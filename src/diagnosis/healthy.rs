//! Results that are not faults, under exactly the conditions of failure-modes.md, section 7.

use crate::modes::condition::{Answer, Expr, any, is, test};
use crate::observations::Observations;
use crate::observations::question::Question::{Bes, Err, Fe, Hop1, Model};
use crate::report::Because;

/// A healthy result.
#[derive(Debug)]
pub struct Healthy {
    /// `healthy-…`
    pub id: &'static str,
    /// The verdict in one sentence, with names in braces.
    pub title: &'static str,
    /// What it means, with names in braces.
    pub says: &'static str,
    /// What it leaves open when the back end does not name the user.
    pub does_not_prove: &'static str,
    /// What must hold.
    holds: Expr,
}

/// The front end holds a ticket for the back end in the user's name, or the back end says who brought the user.
const ARRIVES: Expr = any(&[is(Fe, &["be"]), test("test-arrived-by-delegation", &["yes"])]);

const RESULTS: [Healthy; 4] = [
    Healthy {
        id: "healthy-single-hop",
        title: "The browser calls {be} itself: no delegation is involved.",
        says: "There is one hop only. Delegation settings have no influence on it.",
        does_not_prove: "That the request itself succeeds: look at its own status and at its SPN.",
        holds: test("caller", &["browser"]),
    },
    Healthy {
        id: "healthy-unconstrained",
        title: "Unconstrained delegation works: the user's ticket-granting ticket reaches {site}.",
        says: "Nothing is broken on the way. But unconstrained delegation is the least safe kind: whoever breaks into {site} can act as every visitor, anywhere. \
               Constrained or resource-based delegation would do the same for one back end, and would need no browser policy.",
        does_not_prove: "That {be} accepted the user.",
        holds: test("test-tgt-forwarded", &["yes"]),
    },
    Healthy {
        id: "healthy-kcd",
        title: "Constrained delegation works: {site} gets a ticket for {be} in the user's name.",
        says: "Nothing is broken. delegated:false in the browser and a ticket without ok_as_delegate are the normal picture of constrained delegation.",
        does_not_prove: "That {be} accepted the user.",
        holds: Expr::All(&[ARRIVES, is(Model, &["C", "T", "CR"])]),
    },
    Healthy {
        id: "healthy-rbcd",
        title: "Resource-based delegation works: {site} gets a ticket for {be} in the user's name.",
        says: "Nothing is broken. delegated:false in the browser and a ticket without ok_as_delegate are the normal picture of resource-based delegation.",
        does_not_prove: "That {be} accepted the user.",
        holds: Expr::All(&[ARRIVES, is(Model, &["R"])]),
    },
];

/// What must not be known for any of them: a failure, or the person's word that the page fails.
const AGAINST: Expr = any(&[
    test("test-page-fails", &["yes"]),
    is(Hop1, &["R", "P", "B"]),
    is(Err, &["7", "12", "13", "14", "41", "40b", "loc"]),
    is(Bes, &["svc", "anon"]),
]);

/// A result that holds.
#[derive(Debug)]
pub struct Found {
    /// Which.
    pub result: &'static Healthy,
    /// Its proof.
    pub because: Vec<Because>,
    /// What it does not prove; empty when the back end named the user.
    pub does_not_prove: &'static str,
}

/// What the evidence shows working, and whether anything stands against calling it healthy.
#[derive(Debug, Default)]
pub struct Health {
    /// The result, when nothing stands against it.
    pub found: Option<Found>,
    /// The first part works, but the page fails all the same: the fault is behind it.
    pub behind: Option<Found>,
}

/// Looks for a healthy result.
pub fn look(observations: &Observations<'_>) -> Health {
    let Some(mut found) = RESULTS.iter().find_map(|result| match result.holds.answer(observations) {
        Answer::Holds(because) => {
            let because = because.into_iter().cloned().collect();
            Some(Found { result, because, does_not_prove: result.does_not_prove })
        }
        _ => None,
    }) else {
        return Health::default();
    };
    if found.result.id == "healthy-single-hop" {
        // One hop may fail as well: then delegation is not the matter, and nothing is healthy.
        let found = Some(found).filter(|_| !matches!(AGAINST.answer(observations), Answer::Holds(_)));
        return Health { found, behind: None };
    }
    match (AGAINST.answer(observations), is(Hop1, &["R", "P", "B"]).answer(observations)) {
        // The first hop itself fails: nothing works at all.
        (Answer::Holds(_), Answer::Holds(_)) => Health::default(),
        (Answer::Holds(_), _) => Health { found: None, behind: Some(found) },
        _ => {
            if let Answer::Holds(because) = is(Bes, &["user"]).answer(observations) {
                found.because.extend(because.into_iter().cloned());
                found.does_not_prove = "";
            }
            Health { found: Some(found), behind: None }
        }
    }
}
