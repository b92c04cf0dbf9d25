//! What a failure mode is.

use super::condition::Condition;
use super::row::Row;
use crate::remedy::FixTemplate;

/// A failure mode: data only.
#[derive(Debug)]
pub struct Mode {
    /// The stable id.
    pub id: &'static str,
    /// The hop that it breaks.
    pub hop: Hop,
    /// How well the mode itself is documented.
    pub basis: Basis,
    /// Where it stands in the order of cause.
    pub stage: Stage,
    /// The verdict in one sentence, with names in braces (see [`crate::remedy::text`]).
    pub title: &'static str,
    /// Why the hop breaks here, with names in braces.
    pub says: &'static str,
    /// What a finding of this mode leaves open.
    pub does_not_prove: &'static str,
    /// Its row of the answer table.
    pub row: Row,
    /// What it takes.
    pub conditions: &'static [Condition],
    /// What to do, the better way first.
    pub fixes: &'static [FixTemplate],
}

/// The hop that a mode breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// The browser itself.
    Browser,
    /// Browser → web server.
    ClientToFrontEnd,
    /// The right to delegate, at the web server.
    FrontEnd,
    /// Web server → back end.
    FrontEndToBackEnd,
    /// The back end itself.
    BackEnd,
    /// The domain controller.
    Kdc,
}

impl Hop {
    /// The schema's word.
    pub fn word(self) -> &'static str {
        match self {
            Hop::Browser => "browser",
            Hop::ClientToFrontEnd => "client-to-front-end",
            Hop::FrontEnd => "front-end",
            Hop::FrontEndToBackEnd => "front-end-to-back-end",
            Hop::BackEnd => "back-end",
            Hop::Kdc => "kdc",
        }
    }
}

/// How well a mode is documented (the catalogue's certainty).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A vendor document, a specification or published source says so.
    Documented,
    /// It follows from those, but was not seen written down.
    Inferred,
    /// Practitioners or a third party say so. Never beyond *likely*.
    Field,
}

impl Basis {
    /// The schema's word.
    pub fn word(self) -> &'static str {
        match self {
            Basis::Documented => "documented",
            Basis::Inferred => "inferred",
            Basis::Field => "field",
        }
    }
}

/// The order of cause: what stands earlier must be fixed before anything later can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Clocks, domain controllers in reach, a server that offers Kerberos, a browser that signs in at all.
    Ground,
    /// Names and SPNs of the first hop.
    Name,
    /// Keys, identities, tokens of the first hop.
    Key,
    /// Consequences of the above on the first hop (umbrella).
    Protocol,
    /// May this user's tickets be forwarded?
    User,
    /// May the front end delegate at all?
    Right,
    /// Does the browser (or its PC) hand over what is needed?
    Ask,
    /// Which back end may the front end delegate to?
    Target,
    /// Consequences of the above on the second hop (umbrella).
    Evidence,
    /// Names, keys and rights of the back end.
    BackEnd,
}
