//! The Report: what a diagnosis says, in the shape that the page shows, the command line prints and embedders read.
//!
//! JSON schema `doublehop.report/1`. It may gain optional fields; consumers ignore what they don't know; nothing
//! changes its meaning. Only this module knows that shape.

use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// The schema's name.
pub const SCHEMA: &str = "doublehop.report/1";

/// A whole report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The answer in one sentence.
    pub verdict: Verdict,
    /// What was handed in.
    pub inputs: Vec<Input>,
    /// What was recognised in it.
    pub artefacts: Vec<ArtefactEntry>,
    /// Who is who.
    pub topology: Topology,
    /// Each front-end host that the evidence speaks of.
    pub sites: Vec<Site>,
    /// Ranked: what must be fixed first on top; the ruled-out ones last.
    pub findings: Vec<Finding>,
    /// Results that are not faults.
    pub results: Vec<ResultEntry>,
    /// Evidence against evidence.
    pub contradictions: Vec<Contradiction>,
    /// The fourteen questions as far as they are answered.
    pub observations: Vec<ObservationEntry>,
    /// What to ask or fetch next, best first.
    pub next: Vec<Next>,
}

/// How the analysis ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// At least one finding is confirmed or likely.
    Diagnosed,
    /// Nothing is wrong as far as the evidence goes.
    Healthy,
    /// Nothing decides; `next` says what would.
    NeedsEvidence,
    /// Evidence says one thing and its opposite.
    Contradictory,
    /// Something failed, and it is none of the known modes.
    Unexplained,
}

impl State {
    /// The schema's word.
    pub fn word(self) -> &'static str {
        match self {
            State::Diagnosed => "diagnosed",
            State::Healthy => "healthy",
            State::NeedsEvidence => "needs-evidence",
            State::Contradictory => "contradictory",
            State::Unexplained => "unexplained",
        }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// How the analysis ended.
    pub state: State,
    /// The mode or healthy result on top.
    pub top: Option<String>,
    /// The site that this is about.
    pub about: Option<String>,
    /// One sentence.
    pub summary: String,
    /// The sentence below it: why, in the person's own names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// One pasted text or file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// `i1`, …
    pub id: String,
    /// `paste 1`, a file name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// One recognised piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArtefactEntry {
    /// `a1`, …
    pub id: String,
    /// Its input.
    pub input: String,
    /// First line, from 1.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// `klist`, `net-export`, …
    pub kind: String,
    /// Where it was taken.
    pub role: String,
    /// How it was recognised.
    pub why: String,
    /// How many facts were read.
    pub facts: usize,
    /// What was met on the way.
    pub problems: Vec<ProblemEntry>,
    /// One line that says what was read, for a list of evidence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// `certain`, `likely` or `unknown`: how sure the kind is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub confidence: String,
}

/// A problem and its line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemEntry {
    /// The line, from 1.
    pub line: u32,
    /// A sentence.
    pub says: String,
}

/// Who is who, as far as the evidence tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Topology {
    /// The user.
    pub user: Option<String>,
    /// The user's PC or browser.
    pub client: Option<String>,
    /// The front end's host.
    pub front_end: Option<String>,
    /// The back end's host.
    pub back_end: Option<String>,
    /// Realms seen.
    pub realms: Vec<String>,
    /// The account that runs the front end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub front_end_account: Option<String>,
    /// The account that owns the back end's SPN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_end_account: Option<String>,
    /// The back end's SPN, as asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_end_spn: Option<String>,
    /// Realm or domain of each party, where known: `user`, `front-end`, `back-end`.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub realm_of: std::collections::BTreeMap<String, String>,
}

/// One front-end host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Its name; `None` when the evidence names no host.
    pub about: Option<String>,
    /// How its own analysis ended.
    pub state: State,
    /// Its mode or healthy result on top.
    pub top: Option<String>,
    /// What the browser asked and was granted.
    pub conversations: Vec<Conversation>,
}

/// One handshake of the browser with the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The SPN asked for.
    pub spn: Option<String>,
    /// `none`, `delegate`, `unknown`.
    pub asked: String,
    /// `yes`, `no`, `unknown`.
    pub granted: String,
    /// `kerberos`, `ntlm`, `undecided`, `none`.
    pub mechanism: String,
    /// The context's own client name.
    pub source: Option<String>,
    /// The context's own server name.
    pub target: Option<String>,
    /// Last HTTP status, or the library's failure.
    pub status: Option<String>,
    /// `sspi` (Windows) or `gssapi` (Linux, macOS), which log different things; empty when it was not called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub library: String,
    /// Where it stands.
    pub because: Vec<Because>,
}

/// A proof line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Because {
    /// The artefact.
    pub artefact: String,
    /// The input.
    pub input: String,
    /// First line, from 1.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// Offset of the first byte in the input as given.
    pub first_byte: u64,
    /// Offset behind the last byte.
    pub end_byte: u64,
    /// What these lines show.
    pub says: String,
    /// The decisive words on them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lit: Vec<String>,
}

/// A judged failure mode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The mode's id.
    pub id: String,
    /// `confirmed`, `likely`, `possible`, `ruled-out`.
    pub status: Status,
    /// The hop that it breaks.
    pub hop: String,
    /// The site.
    pub about: Option<String>,
    /// The mode's name, one line.
    pub title: String,
    /// What it means here, in the person's own names.
    pub says: String,
    /// `documented`, `inferred`, `field`.
    pub basis: String,
    /// Proof for.
    pub because: Vec<Because>,
    /// Proof against.
    pub against: Vec<Because>,
    /// What is still open, and what would answer it.
    pub unknown: Vec<Unknown>,
    /// What this does not prove.
    pub does_not_prove: String,
    /// What to do, the better way first.
    pub fix: Vec<Fix>,
    /// Where the knowledge is from.
    pub sources: Vec<String>,
    /// The id of a finding that must be fixed before this one's fix can help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Of what is possible: how likely beside the likeliest of them, from 1 to 5, by how common it is and how well it fits what was
    /// answered. A rank in words, no probability: the table behind it is judgement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fits: Option<u8>,
}

/// How sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nothing excludes, all required conditions hold, a decisive one holds.
    Confirmed,
    /// Nothing excludes, none required fails, one decisive or two independent supporting ones hold.
    Likely,
    /// The rest.
    Possible,
    /// An excluding condition holds or a required one fails.
    RuledOut,
}

impl Status {
    /// The schema's word.
    pub fn word(self) -> &'static str {
        match self {
            Status::Confirmed => "confirmed",
            Status::Likely => "likely",
            Status::Possible => "possible",
            Status::RuledOut => "ruled-out",
        }
    }

    /// Confirmed or likely: asserted to the person.
    pub fn asserted(self) -> bool {
        matches!(self, Status::Confirmed | Status::Likely)
    }
}

/// Something that would settle a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// `question`, `test`, `request`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The words.
    pub ask: String,
}

/// One way to mend it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// `ad-admin`, `server-admin`, `client-admin`, `developer`.
    pub who: String,
    /// What is done, in words.
    pub does: String,
    /// The script or the clicks; empty when there is none.
    pub script: String,
    /// `powershell`, `cmd`, `reg`, `json`, `xml`, `text`.
    pub language: String,
    /// How to undo it.
    pub undo: String,
    /// How to check it.
    pub verify: String,
    /// What the check shows when it worked.
    pub expect: String,
    /// What can go wrong; shown before the script.
    pub risk: String,
}

/// A healthy result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultEntry {
    /// `healthy-kcd`, …
    pub id: String,
    /// The site.
    pub about: Option<String>,
    /// What it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// What it does not prove, and the remark that goes with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub does_not_prove: String,
    /// Proof.
    pub because: Vec<Because>,
}

/// Two statements that cannot both be true at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    /// The two, in words, and the likeliest reason.
    pub says: String,
    /// The one side.
    pub one: Vec<Because>,
    /// The other.
    pub other: Vec<Because>,
}

/// An answered question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservationEntry {
    /// The site.
    pub about: Option<String>,
    /// The question's id.
    pub question: String,
    /// The option's id.
    pub option: String,
    /// Proof.
    pub because: Vec<Because>,
}

/// What to ask or fetch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Next {
    /// `question`, `test`, `request`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The words.
    pub ask: String,
    /// The possible answers.
    pub options: Vec<Choice>,
    /// The command or the clicks.
    pub how: String,
    /// `user`, `server-admin`, `ad-admin`.
    pub needs: String,
    /// The modes that it tells apart.
    pub separates: Vec<String>,
    /// Expected information, in bits.
    #[serde(serialize_with = "hundredths")]
    pub bits: f64,
}

/// Two digits are all that is meant. The library's own way to print any number exactly is a table of ten kilobytes.
fn hundredths<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // no more than a few bits
    let hundredths = (number * 100.0).round().clamp(0.0, 1e6) as u32;
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    RawValue::from_string(format!("{whole}.{rest:02}")).map_err(S::Error::custom)?.serialize(to)
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// The words.
    pub says: String,
}
