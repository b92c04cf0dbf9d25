//! What can happen to the page, and the small things that its state is made of.

use doublehop::facts::Role;
use doublehop::ingest::{Ingested, Kind};
use doublehop::report::Because;
use std::rc::Rc;

/// What a body's `data-state` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was handed in.
    Empty,
    /// Something is being read.
    Working,
    /// There is a result.
    Done,
    /// Something was handed in and nothing of it could be read.
    Failed,
}

impl Phase {
    /// The contract's word.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Empty => "empty",
            Phase::Working => "working",
            Phase::Done => "done",
            Phase::Failed => "failed",
        }
    }
}

/// An input that is being read or waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub job: u32,
    /// Its name.
    pub name: String,
    /// Bytes read.
    pub read: u64,
    /// Its size.
    pub total: u64,
    /// How fast it is read and what was found so far, in words.
    pub found: String,
}

/// An input that ended its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mishap {
    /// The input's name.
    pub name: String,
    /// What is wrong and what to do.
    pub says: String,
}

/// The lines that are lit in the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lit {
    /// The artefact.
    pub artefact: String,
    /// First line.
    pub first: u32,
    /// Last line.
    pub last: u32,
    /// The words on them.
    pub words: Vec<String>,
    /// Grows with each click, so that a second click on the same line scrolls again.
    pub click: u32,
}

/// What the paste box is told to do. The number grows with each order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoxOrder {
    /// What was analysed has been understood: empty the box, unless it has changed since.
    Understood,
    /// Empty the box.
    Empty,
    /// Put this text back.
    Restore(Rc<str>),
}

/// What can happen.
pub enum Action {
    /// An input waits to be read.
    Queued(Waiting),
    /// So many bytes of it are read.
    Progress { job: u32, read: u64, found: String },
    /// What was found in it so far.
    SoFar { job: u32, ingested: Box<Ingested> },
    /// It is read. `from_box`: its text still stands in the paste box.
    Read { job: u32, from_box: bool, ingested: Box<Ingested> },
    /// It could not be read, or it ended the worker.
    Broke { job: u32, mishap: Mishap },
    /// The person ended the reading of everything that waits.
    Cancelled,
    /// The person has seen a mishap.
    Dismiss(usize),
    /// Take one artefact out.
    Remove(String),
    /// It was taken somewhere else.
    Role(String, Role),
    /// It is of this kind: for a text that was not recognised.
    Kind(String, Kind),
    /// An answer to a question or test; `None` takes it back.
    Answer(String, Option<String>),
    /// "I don't know".
    Skip(String),
    /// Start again. The text is what the box holds.
    Clear(Rc<str>),
    /// Take the last change back.
    Undo,
    /// The last change stays.
    ForgetUndo,
    /// Look at another site.
    Site(String),
    /// Light a proof's lines in the evidence.
    Light(Box<Because>),
    /// Show an artefact in the evidence.
    Show(String),
}
