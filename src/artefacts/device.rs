//! Reads the state of a Windows device and session: `dsregcmd /status`, Win32_DeviceGuard, `whoami /all`, `/groups`.

use super::fields::{self, Field};
use super::kind::Kind;
use super::{Anchor, KindReader, Reading, console, words};
use crate::facts::{At, Device, Place, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::names::AccountName;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Device, anchor, json: None, read };

/// Labels that nothing else prints.
const LABELS: [&str; 14] = [
    "AzureAdJoined",
    "EnterpriseJoined",
    "DomainJoined",
    "DomainName",
    "OnPremTgt",
    "CloudTgt",
    "AzureAdPrt",
    "SecurityServicesRunning",
    "SecurityServicesConfigured",
    "VirtualizationBasedSecurityStatus",
    "AvailableSecurityProperties",
    "RequiredSecurityProperties",
    "Executing Account Name",
    "Device Name",
];
const TELLING: [&str; 9] = [
    "AzureAdJoined",
    "EnterpriseJoined",
    "OnPremTgt",
    "CloudTgt",
    "AzureAdPrt",
    "SecurityServicesRunning",
    "SecurityServicesConfigured",
    "VirtualizationBasedSecurityStatus",
    "Executing Account Name",
];
/// RID of Protected Users.
const PROTECTED_USERS: &str = "525";
/// The integrity label, the last of a session's groups: with it the list is whole.
const INTEGRITY: &str = "S-1-16-";

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let open = current == Some(Kind::Device);
    if let Some(words) = console::command_of(line, "whoami", |w| w.starts_with('/')) {
        let ours = words.iter().any(|w| matches!(w.to_ascii_lowercase().as_str(), "/all" | "/groups" | "/user"));
        return ours.then(|| Anchor::starts("the command whoami")).flatten();
    }
    if console::command_of(line, "dsregcmd", |w| w.starts_with('/')).is_some() || words::has(line, "Win32_DeviceGuard")
    {
        return Anchor::starts("a command that shows the device's state");
    }
    let trimmed = line.trim();
    if fields::label_at_start(trimmed, &TELLING).is_some() {
        return Anchor::belongs("the device's state");
    }
    if trimmed == "USER INFORMATION" || trimmed == "GROUP INFORMATION" || groups_line(trimmed) {
        return Anchor::belongs("the groups of a session (whoami /groups)");
    }
    let framed = trimmed.starts_with('+') && trimmed.ends_with('+') && trimmed.len() > 20
        || trimmed.starts_with("| ") && trimmed.ends_with('|');
    let inside = open
        && (trimmed.starts_with("S-1-")
            || framed
            || fields::label_at_start(trimmed, &LABELS).is_some()
            || trimmed.starts_with("===="));
    inside.then(|| Anchor::belongs("the device's state")).flatten()
}

/// A group or user with its SID, as whoami lists them: the SID is followed by attributes, or stands alone behind a name.
fn groups_line(line: &str) -> bool {
    let Some(at) = line.find("S-1-") else { return false };
    let before = line.get(..at).unwrap_or_default();
    // Other tools print `label: S-1-…`, SDDL, or registry paths.
    !before.is_empty()
        && !before.contains([':', '{', '(', '='])
        && !before.ends_with('\\')
        && (before.contains('\\') || before.contains("  ") || before.contains(',') || line.contains("S-1-18-"))
        && !line.contains("HKEY")
}

/// The same, also where the SID was broken off to a line of its own.
fn with_sid(line: &Line) -> bool {
    groups_line(line.trimmed()) || line.trimmed().starts_with("S-1-")
}

/// The SIDs of a line.
fn sids(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|w| w.starts_with("S-1-") && w.len() > 5)
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut device = Device::default();
    let mut place: Option<Place> = None;
    let mut seen = |at: &Place| place = Some(place.as_ref().map_or_else(|| at.clone(), |p| p.to(at)));
    for field in fields::fields(lines, &LABELS) {
        if one(&field, &mut device) {
            seen(&field.place);
        }
    }
    for found in session(lines, &mut device) {
        seen(&found);
    }
    if let Some(found) = asked_for_alone(lines, &mut device) {
        seen(&found);
    }
    match place {
        Some(place) => reading.fact(place, Statement::Device(device)),
        None => {
            let line = lines.first().map_or(1, |l| l.number);
            reading.problem(line, "Nothing about the device or session could be read here. Copy the whole output.");
        }
    }
    reading
}

/// `(Get-CimInstance … Win32_DeviceGuard).SecurityServicesRunning`, with the numbers behind it: on the same line as people quote it,
/// or on the next ones as PowerShell prints them.
fn asked_for_alone(lines: &[Line], device: &mut Device) -> Option<Place> {
    let at = lines.iter().position(|l| l.text.contains(").SecurityServicesRunning"))?;
    let asked = lines.get(at)?;
    let behind = words::after(&asked.text, ").SecurityServicesRunning").unwrap_or_default();
    let number = |l: &&Line| l.trimmed().len() == 1 && l.trimmed().chars().all(|c| c.is_ascii_digit());
    let below = lines.iter().skip(at.saturating_add(1)).take_while(number).map(|l| l.trimmed());
    let numbers: Vec<&str> =
        behind.split(|c: char| !c.is_ascii_digit()).chain(below).filter(|w| !w.is_empty()).collect();
    if numbers.is_empty() || behind.contains("...") {
        return None;
    }
    let place = asked.lit([behind.trim().to_owned()]);
    device.credential_guard = Some(At::new(numbers.contains(&"1"), place.clone()));
    Some(place)
}

fn one(field: &Field, device: &mut Device) -> bool {
    let word = field.value.split([' ', '|']).next().unwrap_or_default();
    let flag = || {
        let value = match word.to_ascii_lowercase().as_str() {
            "yes" | "true" => true,
            "no" | "false" => false,
            _ => return None,
        };
        Some(At::new(value, field.place.clone().lit([format!("{} : {word}", field.label)])))
    };
    let slot = match field.label {
        "AzureAdJoined" => &mut device.entra_joined,
        "DomainJoined" => &mut device.domain_joined,
        "OnPremTgt" => &mut device.on_prem_tgt,
        "SecurityServicesRunning" => {
            // `{1, 2}`: 1 is Credential Guard; a list cut with `...` tells only of what it shows.
            let numbers: Vec<&str> =
                field.value.split(|c: char| !c.is_ascii_digit()).filter(|w| !w.is_empty()).collect();
            let runs = numbers.contains(&"1") || words::has(&field.value, "Credential Guard");
            let cut = field.value.contains("...") || numbers.is_empty() && !runs;
            if runs || !cut {
                device.credential_guard = Some(At::new(runs, field.lit()));
            }
            return runs || !cut;
        }
        "Executing Account Name" => {
            let name = field.value.split(',').next().and_then(AccountName::parse);
            device.user = name.map(|n| At::new(n, field.lit())).or(device.user.take());
            return device.user.is_some();
        }
        _ => return false,
    };
    *slot = flag().or(slot.take());
    slot.is_some()
}

/// What `whoami` says: the user, Protected Users, and who vouches for the identity. Gives the places that it used.
fn session(lines: &[Line], device: &mut Device) -> Vec<Place> {
    let mut places = Vec::new();
    let mut whole = None;
    for line in lines.iter().filter(|l| with_sid(l)) {
        for sid in sids(&line.text) {
            let last = sid.rsplit('-').next().unwrap_or_default();
            let domain = sid.starts_with("S-1-5-21-");
            if domain && last == PROTECTED_USERS {
                device.protected_user = Some(At::new(true, line.lit([sid])));
                places.push(line.place());
            } else if matches!(sid, "S-1-18-1" | "S-1-18-2") {
                let by = if sid == "S-1-18-2" { "service" } else { "authority" };
                device.asserted_by = Some(At::new(by.to_owned(), line.lit([sid])));
                places.push(line.place());
            } else if sid.starts_with(INTEGRITY) {
                whole = Some(line);
            }
            // The user's own line: a name and a SID, nothing behind it.
            let ends = line.trimmed().trim_end_matches(['"', ' ']).ends_with(sid);
            if domain && ends && device.user.is_none() {
                let at = line.text.find("S-1-").unwrap_or(0);
                let name = line.text.get(..at).unwrap_or_default().trim().trim_matches(['"', ',', ' ']);
                device.user = AccountName::parse(name).map(|n| At::new(n, line.lit([name])));
                places.push(line.place());
            }
        }
    }
    // A whole list without RID 525: not a member, in this session.
    if let (Some(line), None) = (whole, &device.protected_user) {
        let domain = lines.iter().any(|l| with_sid(l) && sids(&l.text).any(|s| s.starts_with("S-1-5-21-")));
        if domain && lines.iter().filter(|l| with_sid(l)).count() >= 5 {
            device.protected_user = Some(At::new(false, line.place()));
            places.push(line.place());
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    const DSREG: &str = "C:\\> dsregcmd /status\n\n+----------------------------------------------------------------------+\n| Device State                                                         |\n\
        +----------------------------------------------------------------------+\n\n             AzureAdJoined : YES\n          EnterpriseJoined : NO\n              DomainJoined : NO\n\
        \x20              OnPremTgt : NO\n                CloudTgt : YES\n    Executing Account Name : AzureAD\\alice, alice@contoso.com\n";
    const GUARD: &str = "AvailableSecurityProperties                  : {1, 2, 3}\nSecurityServicesConfigured                   : {1}\nSecurityServicesRunning                      : {1, 2}\nVirtualizationBasedSecurityStatus            : 2\n";
    const WHOAMI: &str = "C:\\> whoami /all\n\nUSER INFORMATION\n----------------\n\nUser Name     SID\n============= ==============================================\ncontoso\\alice S-1-5-21-1111111111-222222222-333333333-1104\n\n\
        GROUP INFORMATION\n-----------------\n\nGroup Name                                 Type             SID                                           Attributes\n========== ====\n\
        Everyone                                   Well-known group S-1-1-0                                       Mandatory group, Enabled by default, Enabled group\n\
        BUILTIN\\Users                              Alias            S-1-5-32-545                                  Mandatory group, Enabled by default, Enabled group\n\
        CONTOSO\\Protected Users                    Group            S-1-5-21-1111111111-222222222-333333333-525   Mandatory group, Enabled by default, Enabled group\n\
        Authentication authority asserted identity Well-known group S-1-18-1                                      Mandatory group, Enabled by default, Enabled group\n\
        Mandatory Label\\Medium Mandatory Level     Label            S-1-16-8192\n";

    #[test]
    fn one_property_asked_for_alone() {
        let command = "PS C:\\> (Get-CimInstance -Namespace root\\Microsoft\\Windows\\DeviceGuard Win32_DeviceGuard).SecurityServicesRunning";
        let guard = |text: &str| match read(&test_lines(text)).facts.first().map(|f| &f.says) {
            Some(Statement::Device(d)) => d.credential_guard.as_ref().map(|g| g.value),
            _ => None,
        };
        assert_eq!(guard(&format!("{command}: {{1, 2}}\n")), Some(true));
        assert_eq!(guard(&format!("{command}\n1\n2\nPS C:\\>\n")), Some(true));
        assert_eq!(guard(&format!("{command}\n2\n")), Some(false));
        assert_eq!(guard(&format!("{command}\n")), None);
    }

    fn told(text: &str) -> String {
        let flag = |f: &Option<At<bool>>| f.as_ref().map_or('-', |f| if f.value { '1' } else { '0' });
        match read(&test_lines(text)).facts.first().map(|f| &f.says) {
            Some(Statement::Device(d)) => format!(
                "cg{} dom{} aad{} tgt{} pu{} {} {}",
                flag(&d.credential_guard),
                flag(&d.domain_joined),
                flag(&d.entra_joined),
                flag(&d.on_prem_tgt),
                flag(&d.protected_user),
                d.user.as_ref().map_or("-".to_owned(), |u| u.value.to_string()),
                d.asserted_by.as_ref().map_or("-", |a| a.value.as_str()),
            ),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn three_tools() {
        assert_eq!(told(DSREG), "cg- dom0 aad1 tgt0 pu- AzureAD\\alice -");
        assert_eq!(told(GUARD), "cg1 dom- aad- tgt- pu- - -");
        assert_eq!(told(&GUARD.replace("{1, 2}", "{0}")), "cg0 dom- aad- tgt- pu- - -");
        assert_eq!(told(WHOAMI), "cg- dom- aad- tgt- pu1 contoso\\alice authority");
        for text in [DSREG, GUARD, WHOAMI, &format!("GROUP{}", WHOAMI.split_once("GROUP").unwrap().1)] {
            assert_eq!(words::kinds(text), [Kind::Device], "{text}");
        }
        let other = WHOAMI.replace("-525 ", "-513 ").replace("S-1-18-1", "S-1-18-2");
        assert_eq!(told(&other), "cg- dom- aad- tgt- pu0 contoso\\alice service");
        let cut = other.split("Mandatory Label").next().unwrap();
        assert_eq!(told(cut), "cg- dom- aad- tgt- pu- contoso\\alice service");
    }

    #[test]
    fn collapsed_and_translated() {
        let collapsed: String =
            DSREG.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect();
        assert_eq!(told(&collapsed), "cg- dom0 aad1 tgt0 pu- AzureAD\\alice -");
        let german = "CONTOSO\\Geschützte Benutzer                Gruppe           S-1-5-21-1111111111-222222222-333333333-525   Verbindliche Gruppe\n";
        assert_eq!(told(german), "cg- dom- aad- tgt- pu1 - -");
        assert_eq!(words::kinds(german), [Kind::Device]);
        let csv = "\"CONTOSO\\Protected Users\",\"Group\",\"S-1-5-21-1111111111-222222222-333333333-525\",\"Mandatory group\"\n";
        assert_eq!(told(csv), "cg- dom- aad- tgt- pu1 - -");
    }

    #[test]
    fn other_sids_are_not_claimed() {
        for line in [
            "SID                                  : S-1-5-21-1-2-3-1000",
            "objectSid: S-1-5-21-1-2-3-1000",
            "[HKEY_USERS\\S-1-5-21-1-2-3-1000]",
            "O:BAD:(A;;GA;;;S-1-5-21-1-2-3)",
            "\tSecurity ID:\t\tS-1-5-18",
        ] {
            assert_eq!(anchor(line, None), None, "{line}");
        }
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, &format!("{DSREG}{GUARD}{WHOAMI}"));
    }
}
