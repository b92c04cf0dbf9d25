//! Looking up an error code as a person types or pastes it: every reading, the likely one first.
//!
//! The same number means other things in other places, people write it in hex, signed, unsigned or by one of its names, and
//! often paste the whole line. What stands around the code (`klist`, `SQL`, `sc-win32-status`) says where it is from.

use super::codes::{self, Code};
use super::mit_messages;

/// How many readings are given.
const MOST: usize = 12;
/// How much of a paste is looked at.
const LONGEST: usize = 4000;
/// How many words of it: this runs with every key that is pressed.
const WORDS: usize = 80;

/// One thing that a typed text may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Whose code it is, in words: `Kerberos`, `Windows (NTSTATUS)`.
    pub whose: &'static str,
    /// The symbol, or what the number's form says when the table does not have it.
    pub symbol: String,
    /// `0x…`; empty for IIS' dotted codes.
    pub hex: String,
    /// The signed decimal form.
    pub decimal: String,
    /// What it says.
    pub meaning: &'static str,
    /// What it says about delegation.
    pub delegation: &'static str,
    /// The piece of the text that was read so.
    pub from: String,
    /// How it was read, where that is not plain.
    pub note: &'static str,
    rank: u32,
}

/// A table's space: its words, how likely a bare number is one of its, and the words around a code that point to it.
struct Space {
    id: &'static str,
    whose: &'static str,
    prior: u32,
    context: &'static [&'static str],
}

const SPACES: [Space; 10] = [
    Space {
        id: "KRB_ERROR",
        whose: "Kerberos",
        prior: 0,
        context: &["krb", "kdc", "kerberos", "4769", "4768", "4771", "failure code"],
    },
    Space {
        id: "SEC_E",
        whose: "Windows security library (SSPI)",
        prior: 1,
        context: &["sspi", "sec_e", "security_status", "initializesecuritycontext", "acceptsecuritycontext"],
    },
    Space {
        id: "NTSTATUS",
        whose: "Windows (NTSTATUS)",
        prior: 1,
        context: &["ntstatus", "lsass", "extended error", "4625", "sub status"],
    },
    Space { id: "IIS_SUBSTATUS", whose: "IIS", prior: 0, context: &["iis", "http", "sc-status"] },
    Space { id: "MSSQL", whose: "SQL Server", prior: 2, context: &["sql", "msg ", "error:", "severity"] },
    Space { id: "HRESULT", whose: "Windows (HRESULT)", prior: 2, context: &["hresult", "com ", "oledb"] },
    Space {
        id: "NET_ERROR",
        whose: "Edge and Chrome (net error)",
        prior: 2,
        context: &["net_error", "net-export", "err_"],
    },
    Space { id: "GSS_MAJOR", whose: "GSSAPI (major status)", prior: 2, context: &["gss", "major"] },
    Space {
        id: "WIN32",
        whose: "Windows (Win32)",
        prior: 3,
        context: &["win32", "substatus", "net helpmsg", "system error"],
    },
    Space { id: "MIT_COM_ERR", whose: "MIT and Heimdal libraries", prior: 4, context: &["krb5", "minor"] },
];

/// Every reading of what was typed or pasted, the likely one first.
pub fn lookup_all(text: &str) -> Vec<Reading> {
    let text: String = text.chars().take(LONGEST).collect();
    let mut found = Found { lower: text.to_lowercase(), readings: Vec::new() };
    let separates = |c: char| c.is_whitespace() || "/,;()[]{}<>\"'=|".contains(c);
    let words = text.split(separates).map(|w| w.trim_matches([':', '.', '!', '?'])).filter(|w| !w.is_empty());
    let words: Vec<&str> = words.take(WORDS).collect();
    for word in &words {
        found.name(word);
        found.number(word);
    }
    for pair in words.windows(2) {
        // A line of an IIS log: sc-status and sc-substatus stand side by side.
        if let [status, sub] = pair {
            found.dotted(&format!("{status}.{sub}"), "status and substatus, as an IIS log writes them");
        }
    }
    found.message();
    if found.readings.is_empty() {
        found.words(&words);
    }
    let mut readings = found.readings;
    readings.sort_by_key(|r| r.rank);
    readings.truncate(MOST);
    readings
}

struct Found {
    lower: String,
    readings: Vec<Reading>,
}

impl Found {
    /// Adds a row, once. `distance` says how far the reading is from what was typed.
    fn row(&mut self, code: Code, from: &str, note: &'static str, distance: u32) {
        let Some(space) = SPACES.iter().find(|s| s.id == code.space) else { return };
        let near = space.context.iter().any(|word| self.lower.contains(word));
        let unassigned = if code.symbol.starts_with('(') { 50 } else { 0 };
        let rank = [distance, relevance(code.delegation), space.prior, unassigned, if near { 0 } else { 60 }]
            .into_iter()
            .fold(0u32, u32::saturating_add);
        let reading = Reading {
            whose: space.whose,
            symbol: code.symbol.to_owned(),
            hex: code.hex.to_owned(),
            decimal: code.decimal.to_owned(),
            meaning: code.meaning,
            delegation: code.delegation,
            from: from.to_owned(),
            note,
            rank,
        };
        match self.readings.iter_mut().find(|r| r.symbol == reading.symbol && r.whose == reading.whose) {
            Some(known) if known.rank > rank => *known = reading,
            Some(_) => {}
            None => self.readings.push(reading),
        }
    }

    /// A symbol in Windows', the RFC's or MIT's spelling.
    fn name(&mut self, word: &str) {
        let upper = word.to_uppercase();
        let rfc = codes::krb_by_name(&upper);
        for code in codes::rows() {
            let inner = code.symbol.strip_prefix("HRESULT_FROM_WIN32(").and_then(|s| s.strip_suffix(')'));
            if code.symbol.eq_ignore_ascii_case(word) {
                self.row(code, word, "", 0);
            } else if inner.is_some_and(|s| s == upper) {
                self.row(code, word, "the same inside an HRESULT", 30);
            } else if code.space == "KRB_ERROR" && rfc.is_some() && codes::parse_hex(code.hex) == rfc {
                self.row(code, word, "another spelling of its name", 0);
            }
        }
    }

    /// A number in any spelling, in every space that has it.
    fn number(&mut self, word: &str) {
        self.dotted(word, "");
        let hex_digits = word.len() <= 8 && word.chars().all(|c| c.is_ascii_hexdigit());
        let bare_hex = if hex_digits { u32::from_str_radix(word, 16).ok() } else { None };
        if let Some(number) = codes::parse_status(word) {
            self.value(number, word, "", 0);
            // 37 is 0x25: whoever copies 25 out of a hex column means another error.
            if let Some(hex) = bare_hex.filter(|hex| *hex != number && word.len() <= 4) {
                self.value(hex, word, "read as hexadecimal", 100);
            }
        } else if let Some(hex) = bare_hex.filter(|_| word.chars().any(|c| c.is_ascii_digit())) {
            self.value(hex, word, "read as hexadecimal", 100);
        }
    }

    fn value(&mut self, number: u32, from: &str, note: &'static str, distance: u32) {
        let mut known = false;
        for code in codes::rows().filter(|c| number_of(c) == Some(number)) {
            known = true;
            self.row(code, from, note, distance);
        }
        let mit = codes::krb_of_mit(i64::from(number.cast_signed()));
        known |= self.wrapped("KRB_ERROR", mit, from, "inside a number of MIT's library (base -1765328384)", distance);
        let win32 = (number >> 16 == 0x8007).then_some(number & 0xffff);
        known |= self.wrapped("WIN32", win32, from, "a Win32 code inside an HRESULT (0x8007…)", distance);
        let nt = (number >> 28 == 0xd).then_some(number & !0x1000_0000);
        known |= self.wrapped("NTSTATUS", nt, from, "an NTSTATUS inside an HRESULT (0xD…)", distance);
        if !known && distance == 0 {
            self.form(number, from);
        }
    }

    /// A code that another one carries. True when there is one.
    fn wrapped(&mut self, space: &str, number: Option<u32>, from: &str, note: &'static str, distance: u32) -> bool {
        let code = number.filter(|n| *n != 0).and_then(|n| codes::lookup(space, n));
        if let Some(code) = code {
            self.row(code, from, note, distance.saturating_add(10));
        }
        code.is_some()
    }

    /// A number that the table lacks: its form still says whose it is.
    fn form(&mut self, number: u32, from: &str) {
        let whose = match number >> 16 {
            0x8009 => "Windows security library (SSPI)",
            0x8007 => "Windows (HRESULT)",
            0xc000..=0xc0ff => "Windows (NTSTATUS)",
            0xd000..=0xd0ff => "Windows (HRESULT)",
            _ => return,
        };
        self.readings.push(Reading {
            whose,
            symbol: "not in this table".to_owned(),
            hex: format!("0x{number:08X}"),
            decimal: number.cast_signed().to_string(),
            meaning: "Its form says whose code it is; the table has those that sign-in and delegation meet.",
            delegation: "",
            from: from.to_owned(),
            note: "",
            rank: 500,
        });
    }

    fn dotted(&mut self, word: &str, note: &'static str) {
        if let Some(code) = codes::rows().find(|c| c.space == "IIS_SUBSTATUS" && c.symbol == word) {
            self.row(code, word, note, 0);
        }
    }

    /// MIT's and Heimdal's texts say the error without its number.
    fn message(&mut self) {
        let number = mit_messages::of_client(&self.lower);
        if let Some(code) = number.and_then(|n| codes::lookup("KRB_ERROR", n)) {
            self.row(code, "", "said in MIT's or Heimdal's words", 0);
        }
    }

    /// Nothing was a code: rows whose symbol or meaning has all the words.
    fn words(&mut self, words: &[&str]) {
        let words: Vec<String> = words.iter().filter(|w| w.len() >= 3).map(|w| w.to_lowercase()).collect();
        if words.is_empty() || words.len() > 5 {
            return;
        }
        for code in codes::rows() {
            let all = format!("{} {}", code.symbol, code.meaning).to_lowercase();
            if words.iter().all(|w| all.contains(w.as_str())) {
                self.row(code, "", "found by its words", 0);
            }
        }
    }
}

fn number_of(code: &Code) -> Option<u32> {
    codes::parse_hex(code.hex)
}

/// What matters more to delegation comes first.
fn relevance(delegation: &str) -> u32 {
    let rank = ["very high", "high", "medium", "normal", "low"].iter().position(|w| delegation.starts_with(w));
    rank.and_then(|r| u32::try_from(r).ok()).unwrap_or(6).saturating_mul(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(text: &str) -> Vec<String> {
        lookup_all(text).into_iter().map(|r| r.symbol).collect()
    }

    fn first(text: &str) -> String {
        symbols(text).into_iter().next().unwrap_or_default()
    }

    #[test]
    fn every_spelling_finds_its_code_first() {
        for (text, symbol) in [
            ("0xd", "KDC_ERR_BADOPTION"),
            ("0xD KDC_ERR_BADOPTION", "KDC_ERR_BADOPTION"),
            ("13", "KDC_ERR_BADOPTION"),
            ("(13)", "KDC_ERR_BADOPTION"),
            ("KRB5KDC_ERR_BADOPTION", "KDC_ERR_BADOPTION"),
            ("kdc_err_etype_notsupp", "KDC_ERR_ETYPE_NOSUPP"),
            ("KRB5KRB_AP_ERR_SKEW", "KRB_AP_ERR_SKEW"),
            ("-1765328371", "KRB5KDC_ERR_BADOPTION"),
            ("-1765328344", "KRB_AP_ERR_MSG_TYPE"),
            ("KDC can't fulfill requested option", "KDC_ERR_BADOPTION"),
            ("0xC000040B", "STATUS_CROSSREALM_DELEGATION_FAILURE"),
            ("c000040b", "STATUS_CROSSREALM_DELEGATION_FAILURE"),
            ("-1073740789", "STATUS_CROSSREALM_DELEGATION_FAILURE"),
            ("3221226507", "STATUS_CROSSREALM_DELEGATION_FAILURE"),
            ("0x80090303", "SEC_E_TARGET_UNKNOWN"),
            ("-2146893053", "SEC_E_TARGET_UNKNOWN"),
            ("2148074254", "SEC_E_NO_CREDENTIALS"),
            ("klist failed with 0xc000018b/-1073741429: The SAM database", "STATUS_NO_TRUST_SAM_ACCOUNT"),
            ("401.1", "401.1"),
            (
                "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'. (Microsoft SQL Server, Error: 18456)",
                "Msg 18456",
            ),
            ("18456", "Msg 18456"),
            ("0x80070005", "E_ACCESSDENIED"),
            ("5", "ERROR_ACCESS_DENIED"),
            ("Kerberos error 5", "KDC_ERR_S_OLD_MAST_KVNO"),
            ("-343", "ERR_MISCONFIGURED_AUTH_ENVIRONMENT"),
            ("{\"net_error\":-344}", "ERR_UNDOCUMENTED_SECURITY_LIBRARY_STATUS"),
            ("851968", "GSS_S_FAILURE"),
            ("clock skew too great", "KRB_AP_ERR_SKEW"),
            ("ERROR_BAD_IMPERSONATION_LEVEL", "ERROR_BAD_IMPERSONATION_LEVEL"),
        ] {
            assert_eq!(first(text), symbol, "{text}: {:?}", symbols(text));
        }
    }

    #[test]
    fn other_readings_follow() {
        let five = symbols("5");
        assert_eq!(five, ["ERROR_ACCESS_DENIED", "KDC_ERR_S_OLD_MAST_KVNO"]);
        let all = lookup_all("25");
        assert_eq!(
            all.iter().map(|r| r.symbol.as_str()).collect::<Vec<_>>(),
            ["KDC_ERR_PREAUTH_REQUIRED", "KRB_AP_ERR_SKEW"]
        );
        assert_eq!((all[1].note, all[1].hex.as_str(), all[1].decimal.as_str()), ("read as hexadecimal", "0x25", "37"));
        // Two spellings of one code are one reading.
        assert_eq!(symbols("klist failed with 0xc000018b/-1073741429"), ["STATUS_NO_TRUST_SAM_ACCOUNT"]);
        // Codes inside other codes.
        assert!(symbols("0x80070574").contains(&"ERROR_WRONG_TARGET_NAME".to_owned()));
        assert!(symbols("0xd000018b").contains(&"STATUS_NO_TRUST_SAM_ACCOUNT".to_owned()));
        // A whole line of an IIS log.
        let log = symbols("2026-11-23 03:09:07 10.0.0.1 GET /whoami.aspx - 80 - 10.0.0.9 401 1 2148074254 3");
        assert!(log.contains(&"401.1".to_owned()) && log.contains(&"SEC_E_NO_CREDENTIALS".to_owned()), "{log:?}");
    }

    #[test]
    fn what_is_unknown_is_said_and_nothing_is_made_up() {
        let unknown = lookup_all("0xC0001234");
        assert_eq!(
            (unknown.len(), unknown[0].whose, unknown[0].symbol.as_str()),
            (1, "Windows (NTSTATUS)", "not in this table")
        );
        for none in ["", "  ", "hello there", "99999999999999999999", "0x", "-"] {
            assert_eq!(lookup_all(none), [], "{none}");
        }
        assert!(lookup_all(&"0xd ".repeat(100_000)).len() == 1);
    }

    #[test]
    fn every_row_is_found_by_its_own_numbers_and_name() {
        for code in codes::rows().filter(|c| !c.symbol.starts_with('(')) {
            for text in [code.hex, code.decimal, code.symbol].into_iter().filter(|t| !t.is_empty()) {
                let found = lookup_all(text);
                let whose = SPACES.iter().find(|s| s.id == code.space).unwrap().whose;
                assert!(found.iter().any(|r| r.whose == whose && r.symbol == code.symbol), "{text}: {found:?}");
            }
        }
    }
}
