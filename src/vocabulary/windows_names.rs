//! Names of services that Windows asks for by itself, of domain controllers and of the machine itself.

use super::names::Spn;

/// Their service classes.
const CLASSES: [&str; 9] = ["ldap", "gc", "dns", "host", "restrictedkrbhost", "rpcss", "wsman", "termsrv", "kadmin"];

/// True for a name that Windows and its services ask for whatever the web application does.
pub fn is_windows_own(spn: &Spn) -> bool {
    let here = spn.host().is_some_and(|h| h.short().eq_ignore_ascii_case("localhost"));
    here || CLASSES.iter().any(|c| spn.class().eq_ignore_ascii_case(c))
}

/// True for the name of a machine itself.
pub fn is_machines_own(spn: &Spn) -> bool {
    ["host", "restrictedkrbhost"].iter().any(|c| spn.class().eq_ignore_ascii_case(c))
}
