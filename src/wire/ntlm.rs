//! NTLM messages ([MS-NLMP] 2.2.1): which one, whose Windows build, which names it carries. Never challenge or response.

use crate::facts::{Mechanism, NtlmSeen, TokenMessage, TokenSeen};

/// `NTLMSSP` and a zero.
pub const SIGNATURE: &[u8] = b"NTLMSSP\0";
/// NTLMSSP_NEGOTIATE_VERSION: the version field is filled.
const HAS_VERSION: u32 = 0x0200_0000;

/// Reads a message that begins with the signature.
pub fn read(bytes: &[u8], seen: &mut TokenSeen) {
    seen.mechanism = Some(Mechanism::Ntlm);
    let Some(number) = u32_at(bytes, 8) else {
        seen.cut = true;
        return;
    };
    // Where flags and version stand, and the lengths of domain, user and computer name.
    let (message, flags_at, version_at, names_at) = match number {
        1 => (TokenMessage::NtlmNegotiate, 12, 32, [Some(16), None, Some(24)]),
        2 => (TokenMessage::NtlmChallenge, 20, 48, [Some(12), None, None]),
        3 => (TokenMessage::NtlmAuthenticate, 60, 64, [Some(28), Some(36), Some(44)]),
        _ => return,
    };
    seen.message = Some(message);
    let present = |at: Option<usize>| u16_at(bytes, at?).map(|length| length > 0);
    let [domain, user, host] = names_at.map(present);
    let versioned = u32_at(bytes, flags_at).is_some_and(|flags| flags & HAS_VERSION != 0);
    let build = if versioned { version(bytes, version_at) } else { None };
    seen.ntlm = Some(Box::new(NtlmSeen { build, domain, user, host }));
}

/// VERSION (2.2.2.10): major, minor, build. Zeros are no version.
fn version(bytes: &[u8], at: usize) -> Option<String> {
    let (major, minor) = (bytes.get(at)?, bytes.get(at.checked_add(1)?)?);
    let build = u16_at(bytes, at.checked_add(2)?)?;
    (*major > 0).then(|| format!("{major}.{minor}.{build}"))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The Windows that has this build, where only one or a pair of twins has it.
pub fn windows_of(build: &str) -> Option<&'static str> {
    Some(match build.rsplit_once('.')?.1 {
        "7601" => "Windows 7 or Server 2008 R2",
        "9200" => "Windows 8 or Server 2012",
        "9600" => "Windows 8.1 or Server 2012 R2",
        "14393" => "Windows 10 1607 or Server 2016",
        "17763" => "Windows 10 1809 or Server 2019",
        "18362" | "18363" | "19041" | "19042" | "19043" | "19044" | "19045" => "Windows 10",
        "20348" => "Server 2022",
        "22000" | "22621" | "22631" => "Windows 11",
        "26100" => "Windows 11 24H2 or Server 2025",
        "26200" => "Windows 11 25H2",
        _ => return None,
    })
}
