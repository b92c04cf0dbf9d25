//! What was read so far, one entry a path or pool; and the settings that `appcmd /text:*` and PowerShell print as
//! `name:"value"` and `name : value`.

use super::tags::Tag;
use super::{account, add, as_bool};
use crate::artefacts::Reading;
use crate::artefacts::fields;
use crate::facts::{At, IisAuthentication, Place};
use crate::ingest::lines::Line;

const LABELS: [&str; 9] = [
    "Name",
    "Value",
    "identityType",
    "userName",
    "useKernelMode",
    "useAppPoolCredentials",
    "authPersistNonNTLM",
    "tokenChecking",
    "password",
];
/// Those that show the kind; the others are ordinary words.
const TELLING: [&str; 4] = ["identityType", "useKernelMode", "useAppPoolCredentials", "authPersistNonNTLM"];

pub(super) fn anchor(line: &str) -> bool {
    // Get-WebConfigurationProperty prints the setting's name as a value.
    let named = fields::label_at_start(line, &["Name"]).is_some()
        && line.split_once(':').is_some_and(|(_, name)| TELLING.iter().any(|t| t.eq_ignore_ascii_case(name.trim())));
    named || fields::label_at_start(line, &TELLING).is_some()
}

/// One path's or pool's settings.
#[derive(Debug)]
struct Entry {
    place: Place,
    pool: Option<String>,
    iis: IisAuthentication,
}

/// Everything read so far.
#[derive(Debug, Default)]
pub(super) struct Settings {
    path: Option<String>,
    entries: Vec<Entry>,
    /// The path was left and begins anew: the same site on another server.
    again: bool,
    /// The site whose applications are listed.
    pub site: Option<String>,
    /// The pool whose settings are listed; empty for the defaults.
    pub pool: Option<String>,
    /// Pools and the paths that run in them.
    pub pools: Vec<(String, String)>,
    pub inside_windows: bool,
    pub inside_providers: bool,
    /// Inside `<AuthenticationTypes>`.
    pub inside_types: bool,
}

impl Settings {
    /// What follows is said of this path.
    pub fn enter(&mut self, path: Option<String>) {
        self.again = path.is_some() && self.entries.iter().any(|e| e.iis.path == path && e.iis.windows.is_some());
        self.path = path;
    }

    /// Changes the settings of the path that is being read.
    pub fn here(&mut self, place: Place, change: impl FnOnce(&mut IisAuthentication)) {
        let iis = IisAuthentication { path: self.path.clone(), ..IisAuthentication::default() };
        let found = self.entries.iter().rposition(|e| e.pool.is_none() && e.iis.path == iis.path);
        let found = found.filter(|_| !std::mem::take(&mut self.again));
        self.change(found, Entry { place, pool: None, iis }, change);
    }

    /// Changes the entry at an index, or the new one.
    fn change(&mut self, found: Option<usize>, new: Entry, change: impl FnOnce(&mut IisAuthentication)) {
        let place = new.place.clone();
        let at = found.unwrap_or_else(|| {
            self.entries.push(new);
            self.entries.len().saturating_sub(1)
        });
        if let Some(entry) = self.entries.get_mut(at) {
            entry.place = entry.place.to(&place);
            change(&mut entry.iis);
        }
    }

    /// An application pool's identity.
    pub fn process_model(&mut self, tag: &Tag) {
        if tag.get("identitytype").is_none() && tag.get("username").is_none() {
            return;
        }
        let kind = tag.get("identitytype").map(|v| At::new(v.to_owned(), tag.lit("identitytype")));
        let user = tag.get("username").and_then(account).map(|u| At::new(u, tag.lit("username")));
        self.pool_identity(tag.place(), kind, user);
    }

    fn pool_identity(
        &mut self,
        place: Place,
        kind: Option<At<String>>,
        user: Option<At<crate::vocabulary::names::AccountName>>,
    ) {
        let pool = Some(self.pool.clone().unwrap_or_default());
        let found = self.entries.iter().position(|e| e.pool == pool);
        self.change(found, Entry { place, pool, iis: IisAuthentication::default() }, |iis| {
            iis.pool_identity_type = kind.or(iis.pool_identity_type.take());
            iis.pool_user = user.or(iis.pool_user.take());
        });
    }

    /// A list within which the text ends shows what is in it, not what is missing: without Negotiate it is no list.
    pub fn forget_open_lists(&mut self, reading: &mut Reading) {
        let negotiate = |list: &At<Vec<String>>| list.value.iter().any(|p| p.to_lowercase().contains("negotiate"));
        let (providers, types) = (self.inside_providers, self.inside_types);
        let Some(entry) = self.entries.iter_mut().rev().find(|e| e.pool.is_none()) else { return };
        let open = [(providers, &mut entry.iis.providers), (types, &mut entry.iis.report_server_types)];
        for (_, list) in open.into_iter().filter(|(open, _)| *open) {
            if let Some(cut) = list.take_if(|l| !negotiate(l)) {
                reading.problem(cut.place.last_line, "The list ends here without its closing tag: what stands behind it is not known. Paste the whole element.");
            }
        }
    }

    /// Turns everything into facts; false when there was nothing.
    pub fn finish(mut self, reading: &mut Reading) -> bool {
        let mut any = false;
        for mut entry in std::mem::take(&mut self.entries) {
            if let Some(pool) = &entry.pool {
                let home = self.pools.iter().find(|(p, _)| p.eq_ignore_ascii_case(pool));
                entry.iis.path = home.map(|(_, path)| path.clone());
            }
            let empty = IisAuthentication { path: entry.iis.path.clone(), ..IisAuthentication::default() };
            if entry.iis != empty {
                any = true;
                add(reading, entry.place, entry.iis);
            }
        }
        any
    }
}

/// `identityType:"SpecificUser"`, `useKernelMode : False`.
pub(super) fn plain(lines: &[Line], settings: &mut Settings) {
    if !lines.iter().any(|l| anchor(l.trimmed())) {
        return;
    }
    let (mut kind, mut user) = (None, None);
    let mut name: Option<&'static str> = None;
    let mut place: Option<Place> = None;
    for field in fields::fields(lines, &LABELS) {
        let value = field.value.trim_matches(['"', '\'', ',']).trim();
        if value.is_empty() {
            continue;
        }
        let flag = as_bool(value).map(|b| At::new(b, field.place.clone().lit([value.to_owned()])));
        if field.label == "Name" {
            name = LABELS.iter().find(|l| l.eq_ignore_ascii_case(value)).copied();
            continue;
        }
        let label = if field.label == "Value" { name.take().unwrap_or_default() } else { field.label };
        match label {
            "identityType" => kind = Some(At::new(value.to_owned(), field.place.clone().lit([value.to_owned()]))),
            "userName" => user = account(value).map(|u| At::new(u, field.place.clone().lit([value.to_owned()]))),
            "useKernelMode" => settings.here(field.place.clone(), |iis| iis.kernel_mode = flag),
            "useAppPoolCredentials" => settings.here(field.place.clone(), |iis| iis.app_pool_credentials = flag),
            "authPersistNonNTLM" => settings.here(field.place.clone(), |iis| iis.auth_persist_non_ntlm = flag),
            "tokenChecking" => {
                let checking = Some(At::new(value.to_owned(), field.place.clone()));
                settings.here(field.place.clone(), |iis| iis.token_checking = checking);
            }
            _ => {}
        }
        if matches!(label, "identityType" | "userName") {
            place = Some(place.map_or_else(|| field.place.clone(), |p: Place| p.to(&field.place)));
        }
    }
    if let (Some(place), true) = (place, kind.is_some()) {
        settings.pool_identity(place, kind, user);
    }
}
