//! The records of one object → an account.

use super::labels::{Attribute, OF_CONTROLLER, account_list, attribute};
use super::records::{Record, Style};
use super::values;
use crate::artefacts::Reading;
use crate::facts::{Account, At, Place};
use crate::vocabulary::civil;
use crate::vocabulary::names::{AccountName, Spn, name_of_dn};
use crate::vocabulary::uac;

/// What an object gave.
pub(super) struct Built {
    pub account: Account,
    pub place: Place,
    /// The object's SID, so that other objects' descriptors can be told by name.
    pub sid: Option<String>,
    /// True when nobody picked attributes: what is absent is not set.
    pub whole_object: bool,
}

fn place(record: &Record<'_>) -> Place {
    if record.first.number == record.last.number {
        record.first.place()
    } else {
        record.first.place().to(&record.last.place())
    }
}

/// Attributes that only the dump of a whole object shows.
const OF_A_WHOLE_OBJECT: [&str; 5] =
    ["objectGUID", "instanceType", "uSNChanged", "uSNCreated", "dSCorePropagationData"];

/// How many list elements are lit.
const LIT: usize = 12;

/// Builds the account. `None` when nothing of it is read, or it is no account (a trust).
pub(super) fn build(records: &[Record<'_>], reading: &mut Reading) -> Option<Built> {
    let mut account = Account::default();
    let mut whole: Option<Place> = None;
    let (mut sid, mut known, mut short_name) = (None, 0usize, None);
    for record in records {
        whole = Some(whole.as_ref().map_or_else(|| place(record), |p| p.to(&place(record))));
        let Some(kind) = attribute(&record.label) else { continue };
        known = known.saturating_add(1);
        let value = record.value.as_str();
        let text = |lit: &str| place(record).lit([lit]);
        match kind {
            Attribute::Dn if !value.is_empty() => {
                let dn = values::dn(value);
                let here = text(value);
                account.dn.get_or_insert(At::new(dn, here));
            }
            Attribute::SamName => {
                account.name = AccountName::parse(value).map(|n| At::new(n, text(value))).or(account.name)
            }
            Attribute::Name => {
                short_name = short_name.or_else(|| AccountName::parse(value).map(|n| At::new(n, text(value))))
            }
            Attribute::ObjectClass => {
                // The last class says what the object is: {top, person, organizationalPerson, user...} may be a computer.
                let (mut classes, cut) = values::list(value);
                account.object_class = classes.pop().filter(|_| !cut).or(account.object_class);
            }
            Attribute::Uac => account.uac = values::account_control(value).map(|n| At::new(n, text(value))),
            Attribute::TrustedForDelegation => account.trusted_for_delegation = boolean(value, record, reading),
            Attribute::TrustedToAuth => account.trusted_to_auth = boolean(value, record, reading),
            Attribute::NotDelegated => account.not_delegated = boolean(value, record, reading),
            Attribute::EncryptionTypes => {
                account.encryption_types = values::number(value).map(|n| At::new(n, text(value)))
            }
            Attribute::EncryptionNames if account.encryption_types.is_none() => {
                account.encryption_types = values::encryption(value).map(|n| At::new(n, text(value)));
            }
            Attribute::AllowedToDelegateTo => {
                let found = list(kind, record, &mut account, reading);
                merge(&mut account.allowed_to_delegate_to, found);
            }
            Attribute::MemberOf => {
                let found = list(kind, record, &mut account, reading);
                merge(&mut account.member_of, found);
            }
            Attribute::Spns => {
                let found = list(kind, record, &mut account, reading);
                let spns = found.value.iter().filter_map(|s| Spn::parse(s)).collect();
                merge(&mut account.spns, At::new(spns, found.place));
            }
            Attribute::RbcdPrincipals => {
                let found = list(kind, record, &mut account, reading);
                account.rbcd_principals = Some(found);
            }
            Attribute::RbcdDescriptor if account.rbcd_principals.is_none() => {
                account.rbcd_principals = descriptor(record, reading);
            }
            Attribute::WhenChanged => {
                account.when_changed = civil::stamp(value).map(|stamp| At::new(stamp, text(value)));
            }
            Attribute::PasswordSet => {
                account.password_set = values::password_time(value).map(|stamp| At::new(stamp, text(value)));
            }
            Attribute::System if is_controller(records) => {
                account.dc_system = Some(At::new(value.to_owned(), text(value)));
            }
            Attribute::Sid => sid = record.bytes.as_deref().and_then(values::sid).or_else(|| Some(value.to_owned())),
            _ => {}
        }
    }
    if known == 0 || account.object_class.as_deref().is_some_and(|c| c.eq_ignore_ascii_case("trustedDomain")) {
        return None;
    }
    let named = account.dn.as_ref().and_then(|dn| name_of_dn(&dn.value).map(|n| At::new(n, dn.place.clone())));
    account.name = account.name.or(short_name).or(named);
    fill_from_bits(&mut account);
    let set_only = records.first().is_some_and(|r| r.style == Style::Ldif && r.label.eq_ignore_ascii_case("dn"));
    account.absent_means_empty = set_only && account.uac.is_some();
    // What a domain controller gives with every whole object: here no attribute was picked.
    let whole_object = records.iter().any(|r| OF_A_WHOLE_OBJECT.iter().any(|l| r.label.eq_ignore_ascii_case(l)));
    Some(Built { account, place: whole?, sid, whole_object })
}

/// A domain controller: by the tool that prints it, by its container, or by its bit.
fn is_controller(records: &[Record<'_>]) -> bool {
    records.iter().any(|r| {
        let label = r.label.to_ascii_lowercase();
        let bit = || values::account_control(&r.value).is_some_and(|n| n & uac::SERVER_TRUST_ACCOUNT != 0);
        OF_CONTROLLER.contains(&label.as_str())
            || r.value.to_ascii_lowercase().contains("ou=domain controllers,")
            || attribute(&r.label) == Some(Attribute::Uac) && bit()
    })
}

/// Gives empty lists to an object whose dump would show them if they were set.
pub(super) fn fill_what_is_absent(built: &mut Built, asked: impl Fn(&str) -> bool) {
    let account = &mut built.account;
    let Some(dn) = account.dn.as_ref().filter(|_| account.absent_means_empty) else { return };
    let here = dn.place.clone();
    if built.whole_object || asked("msDS-AllowedToDelegateTo") {
        account.allowed_to_delegate_to.get_or_insert_with(|| At::new(Vec::new(), here.clone()));
    }
    if built.whole_object || asked("msDS-AllowedToActOnBehalfOfOtherIdentity") {
        account.rbcd_principals.get_or_insert_with(|| At::new(Vec::new(), here));
    }
}

/// `True` and `False`; TRUE and FALSE in LDIF. Nothing for an empty value.
fn boolean(value: &str, record: &Record<'_>, reading: &mut Reading) -> Option<At<bool>> {
    let found = match value.to_ascii_lowercase().as_str() {
        "true" | "$true" | "yes" | "1" => true,
        "false" | "$false" | "no" | "0" => false,
        "" | "{}" => return None,
        _ => {
            reading.problem(record.first.number, format!("{} is neither True nor False here.", record.label));
            return None;
        }
    };
    Some(At::new(found, place(record).lit([value])))
}

fn list(kind: Attribute, record: &Record<'_>, account: &mut Account, reading: &mut Reading) -> At<Vec<String>> {
    let (found, cut) = match record.style {
        // One value a line; a name may hold commas.
        Style::Ldif if !record.value.starts_with('{') && kind == Attribute::MemberOf => {
            (vec![record.value.clone()], false)
        }
        _ => values::list(&record.value),
    };
    let range = record.label.to_ascii_lowercase().contains(";range=") && !record.label.ends_with('*');
    if cut || range {
        account.cut_lists.extend(account_list(kind));
        reading.problem(
            record.first.number,
            format!(
                "The list of {} is cut, so what is missing in it may still be set. Run $FormatEnumerationLimit = -1 first, or print it with Select-Object -ExpandProperty.",
                record.label
            ),
        );
    }
    let written = || found.iter().map(|v| v.trim_end_matches(values::CUT)).filter(|v| !v.is_empty());
    let mut lit: Vec<String> = written().take(LIT).map(str::to_owned).collect();
    if lit.is_empty() {
        lit.push(record.label.clone());
    }
    At::new(found, place(record).lit(lit))
}

/// LDIF repeats the attribute for each value.
fn merge<T>(list: &mut Option<At<Vec<T>>>, found: At<Vec<T>>) {
    match list {
        Some(all) => {
            all.place = all.place.to(&found.place);
            all.value.extend(found.value);
        }
        None => *list = Some(found),
    }
}

/// Who a security descriptor allows to act on behalf: SIDs, which names may replace later.
fn descriptor(record: &Record<'_>, reading: &mut Reading) -> Option<At<Vec<String>>> {
    let value = record.value.as_str();
    let here = place(record).lit([record.label.as_str()]);
    if let Some(bytes) = &record.bytes {
        let sids = values::descriptor_sids(bytes);
        if sids.is_none() {
            reading.problem(
                record.first.number,
                "This security descriptor is cut or damaged. Ask for PrincipalsAllowedToDelegateToAccount instead.",
            );
        }
        return sids.map(|s| At::new(s, here));
    }
    if value.is_empty() || value == "{}" {
        return Some(At::new(Vec::new(), here));
    }
    let sids = values::sddl_sids(value);
    if sids.is_empty() {
        reading.problem(
            record.first.number,
            "Something is set here, but this form does not show whom it allows. Print PrincipalsAllowedToDelegateToAccount: Get-ADUser or Get-ADComputer with -Properties PrincipalsAllowedToDelegateToAccount.",
        );
        return None;
    }
    Some(At::new(sids, here))
}

/// Where the dump does not show a property, the bit of `userAccountControl` says it.
fn fill_from_bits(account: &mut Account) {
    let Some(bits) = account.uac.clone() else { return };
    let bit = |mask: u32| Some(At::new(bits.value & mask != 0, bits.place.clone()));
    account.trusted_for_delegation = account.trusted_for_delegation.take().or(bit(uac::TRUSTED_FOR_DELEGATION));
    account.trusted_to_auth = account.trusted_to_auth.take().or(bit(uac::TRUSTED_TO_AUTH_FOR_DELEGATION));
    account.not_delegated = account.not_delegated.take().or(bit(uac::NOT_DELEGATED));
}
