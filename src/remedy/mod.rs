//! Fixes: scripts, policy files and clicks, filled in with the person's own names, safely.

pub mod advice;
pub mod text;

use crate::observations::names::Names;
use crate::report::Fix;
use text::{Filler, Form};

/// Who can do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// An administrator of the directory.
    AdAdmin,
    /// An administrator of the server.
    ServerAdmin,
    /// An administrator of the PCs (group policy).
    ClientAdmin,
    /// Whoever writes the application.
    Developer,
}

impl Who {
    /// The schema's word.
    pub fn word(self) -> &'static str {
        match self {
            Who::AdAdmin => "ad-admin",
            Who::ServerAdmin => "server-admin",
            Who::ClientAdmin => "client-admin",
            Who::Developer => "developer",
        }
    }
}

/// What the script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the words say it
pub enum Language {
    PowerShell,
    Cmd,
    Reg,
    Json,
    Xml,
    Text,
}

impl Language {
    /// The schema's word.
    pub fn word(self) -> &'static str {
        match self {
            Language::PowerShell => "powershell",
            Language::Cmd => "cmd",
            Language::Reg => "reg",
            Language::Json => "json",
            Language::Xml => "xml",
            Language::Text => "text",
        }
    }
}

/// One way to mend something, with names in braces (see [`text`]).
#[derive(Clone, Copy, Debug)]
pub struct FixTemplate {
    /// Who can do it.
    pub who: Who,
    /// What is done.
    pub does: &'static str,
    /// The script or the clicks; empty when there is none.
    pub script: &'static str,
    /// What the script is written in.
    pub language: Language,
    /// How to undo it.
    pub undo: &'static str,
    /// How to check it.
    pub verify: &'static str,
    /// What the check shows when it worked.
    pub expect: &'static str,
    /// What can go wrong. Shown before the script.
    pub risk: &'static str,
}

/// Said where the front end is known to be no Windows machine.
const OF_WINDOWS: &str = "klist -li and w32tm are commands of Windows. On this web server klist shows a cache, restarting the service empties those of the service, and \
                          chronyc tracking tells about the clock. ";

impl FixTemplate {
    /// The fix with the person's own names in it.
    pub fn fill(&self, names: &Names) -> Fix {
        let filler = Filler::new(names);
        let prose = |t: &str| filler.fill(t, Form::Prose);
        let script = |t: &str| filler.fill(t, Form::Script);
        let windows = [self.script, self.verify].iter().any(|t| t.contains("klist -li") || t.contains("w32tm"));
        let note = if names.fe_posix && windows { OF_WINDOWS } else { "" };
        Fix {
            who: self.who.word().to_owned(),
            does: prose(self.does),
            script: script(self.script),
            language: self.language.word().to_owned(),
            undo: script(self.undo),
            verify: script(self.verify),
            expect: prose(self.expect),
            risk: format!("{note}{}", prose(self.risk)),
        }
    }
}
