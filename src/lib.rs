//! Why a Kerberos double hop fails (browser → web server → back end), proved from pasted evidence.
//!
//! This is the engine. It does no I/O, knows no DOM and reads no clock: bytes go in, a [`report::Report`] comes out.
//!
//! ```
//! use doublehop::{case::Case, ingest::Intake};
//!
//! let mut intake = Intake::new("paste 1");
//! intake.push(b"1184.2210> Kerb-Warn: SpInitLsaModeContext failed to get outbound ticket, \
//!               KerbGetServiceTicketByS4UProxy failed 0xc000040b\n");
//! let mut case = Case::new();
//! case.add(intake.finish());
//! let report = doublehop::diagnosis::report(&case);
//! assert_eq!(report.verdict.top.as_deref(), Some("kcd-cross-domain-classic"));
//! ```
//!
//! # The map of the house
//!
//! | module | job | leaves to others |
//! | --- | --- | --- |
//! | [`ingest`] | bytes → artefacts: decoding, unwrapping, recognising, splitting | what an artefact says |
//! | [`artefacts`] | one reader per artefact kind: lines → facts and problems | which facts matter |
//! | [`netlog`] | net-export captures, streamed: events → handshakes | – |
//! | [`wire`] | what an HTTP authentication token is, without keeping it | – |
//! | [`vocabulary`] | the field's tables and names: flags, codes, SPNs, allow-list patterns | – |
//! | [`facts`] | the typed statements that readers make, each with its place | – |
//! | [`case`] | all facts of one case; its sites (front-end hosts) | – |
//! | [`observations`] | facts → fourteen observations and the leaf tests, per site | what they mean together |
//! | [`modes`] | one failure mode a file, judged from observations and leaf tests only | – |
//! | [`diagnosis`] | judging, ranking, contradictions, healthy results, the next step | – |
//! | [`remedy`] | fixes filled in with the person's own names, safely | – |
//! | [`report`] | the Report (JSON schema `doublehop.report/1`) | – |
//! | [`tables`] | tables to look things up in, marked with the case's own names | the diagnosis |

// A test fails by panicking; the lint is for code that meets input, and has no switch for tests of its own.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod artefacts;
pub mod case;
pub mod diagnosis;
pub mod facts;
pub mod ingest;
pub mod modes;
pub mod netlog;
pub mod observations;
pub mod remedy;
pub mod report;
pub mod tables;
pub mod vocabulary;
pub mod wire;
