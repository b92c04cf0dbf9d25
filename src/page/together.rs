//! Files that are handed in at once: those that are pieces of one log become one input.

use super::reader::{Job, Reader};
use super::stream;
use doublehop::ingest::pieces;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

impl Reader {
    /// Reads files, after those that wait.
    pub fn read_all(&self, files: Vec<(String, Blob)>) {
        // Only several files can be one: a single one need not be looked at.
        if files.len() < 2 {
            files.into_iter().for_each(|(name, blob)| self.read(Job::of(name, blob, false)));
            return;
        }
        let reader = self.clone();
        spawn_local(async move {
            for job in jobs(files).await {
                reader.read(job);
            }
        });
    }
}

async fn jobs(files: Vec<(String, Blob)>) -> Vec<Job> {
    let mut ends = Vec::new();
    for (_, blob) in &files {
        // One that cannot be read says so when its turn comes.
        ends.push(stream::ends(blob).await.unwrap_or_else(|_: JsValue| (Vec::new(), Vec::new())));
    }
    let looked_at: Vec<pieces::File<'_>> =
        files.iter().zip(&ends).map(|((name, _), (head, tail))| pieces::File { name, head, tail }).collect();
    let groups = pieces::plan(&looked_at).into_iter();
    groups
        .map(|group| {
            let parts: Vec<(String, Blob)> = group.files.iter().filter_map(|at| files.get(*at).cloned()).collect();
            let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
            Job { name: pieces::title(&names), role: None, parts, says: group.says, from_box: false }
        })
        .collect()
}
