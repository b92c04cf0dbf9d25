//! Files that are handed in at once: those that are pieces of one log become one input, the files of an archive one each.

use super::reader::{Job, Reader};
use super::stream;
use doublehop::ingest::pieces;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

impl Reader {
    /// Reads files, after those that wait.
    pub fn read_all(&self, files: Vec<(String, Blob)>) {
        // Only several files can be one, and only an archive several: another need not be looked at.
        let archive = |(name, _): &(String, Blob)| name.to_ascii_lowercase().ends_with(".zip");
        if files.len() < 2 && !files.iter().any(archive) {
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

async fn jobs(given: Vec<(String, Blob)>) -> Vec<Job> {
    let (mut jobs, mut files) = (Vec::new(), Vec::new());
    for (name, blob) in given {
        // One that cannot be read says so when its turn comes.
        let (parts, mut says) = stream::parted(&blob).await.unwrap_or_default();
        if parts.is_empty() {
            files.push((name, blob));
            continue;
        }
        for (member, blob) in parts {
            jobs.push(Job { says: says.take().map(Into::into), ..Job::of(format!("{name}: {member}"), blob, false) });
        }
    }
    let mut ends = Vec::new();
    for (_, blob) in &files {
        // One that cannot be read says so when its turn comes.
        ends.push(stream::ends(blob).await.unwrap_or_else(|_: JsValue| (Vec::new(), Vec::new())));
    }
    let looked_at: Vec<pieces::File<'_>> =
        files.iter().zip(&ends).map(|((name, _), (head, tail))| pieces::File { name, head, tail }).collect();
    let groups = pieces::plan(&looked_at).into_iter();
    jobs.extend(groups.map(|group| {
        let parts: Vec<(String, Blob)> = group.files.iter().filter_map(|at| files.get(*at).cloned()).collect();
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        Job { name: pieces::title(&names), role: None, parts, says: group.says.map(Into::into), from_box: false }
    }));
    jobs
}
