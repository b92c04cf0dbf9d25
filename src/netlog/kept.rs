//! The different conversations of a capture, the newest of each kind: a page opens many connections, and a long capture
//! repeats itself. How things are now is what the last ones say, so the oldest are let go.

use crate::facts::{AuthTarget, Handshake, Mechanism};
use std::collections::{BTreeMap, HashMap};

/// How many different conversations are told.
pub const DIFFERENT: usize = 500;

/// Keeps conversations.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// By the order in which they came.
    by_order: BTreeMap<u64, Handshake>,
    order_of: HashMap<Essence, u64>,
    /// How many came.
    pub total: u64,
    /// How many different ones were let go.
    pub let_go: u64,
}

impl Kept {
    /// Takes one.
    pub fn take(&mut self, handshake: Handshake) {
        self.total = self.total.saturating_add(1);
        if let Some(older) = self.order_of.insert(essence(&handshake), self.total) {
            self.by_order.remove(&older);
        }
        self.by_order.insert(self.total, handshake);
        if self.by_order.len() > DIFFERENT
            && let Some((_, oldest)) = self.by_order.pop_first()
        {
            self.order_of.remove(&essence(&oldest));
            self.let_go = self.let_go.saturating_add(1);
        }
    }

    /// All that are kept, the oldest first.
    pub fn into_all(self) -> Vec<Handshake> {
        self.by_order.into_values().collect()
    }
}

/// What makes two conversations different.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Essence {
    host: Option<String>,
    proxy: bool,
    spn: Option<String>,
    asked: Option<bool>,
    granted: Option<bool>,
    mechanism: Option<u8>,
    failure: Option<i64>,
    refused: Option<i32>,
    answer: Option<u16>,
    offered: Option<Vec<String>>,
    /// A token was sent, the server refused it, the user typed, silent sign-in is allowed, credentials were left out.
    flags: [bool; 5],
}

fn essence(h: &Handshake) -> Essence {
    let mechanism = h.mechanism.as_ref().map(|m| match m.value {
        Mechanism::Kerberos => 1,
        Mechanism::Ntlm => 2,
        Mechanism::Undecided => 3,
    });
    Essence {
        host: h.host.as_ref().map(|host| host.as_str().to_lowercase()),
        proxy: h.target == AuthTarget::Proxy,
        spn: h.spn.as_ref().map(|s| s.value.to_string()),
        asked: h.asked.as_ref().map(|a| a.value),
        granted: h.granted.as_ref().map(|a| a.value),
        mechanism,
        failure: h.failure.as_ref().map(|f| f.value.status),
        refused: h.scheme_refused.as_ref().map(|r| r.value),
        answer: h.final_status.as_ref().map(|s| s.value),
        offered: h.offered.as_ref().map(|o| o.value.clone()),
        flags: [
            h.token_sent.is_some(),
            h.rejected.is_some(),
            h.typed_credentials.is_some(),
            h.default_credentials.as_ref().is_some_and(|d| d.value),
            h.credentials_omitted.is_some(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{At, Place};

    fn answered(status: usize) -> Handshake {
        let status = u16::try_from(status).unwrap();
        Handshake { final_status: Some(At::new(status, Place::default())), ..Handshake::default() }
    }

    #[test]
    fn equal_ones_are_told_once_where_the_last_of_them_stands() {
        let mut kept = Kept::default();
        [200, 401, 200].into_iter().for_each(|s| kept.take(answered(s)));
        let told: Vec<u16> = kept.clone().into_all().iter().map(|h| h.final_status.as_ref().unwrap().value).collect();
        assert_eq!((told, kept.total, kept.let_go), (vec![401, 200], 3, 0));
    }

    #[test]
    fn the_newest_stay() {
        let mut kept = Kept::default();
        (0..DIFFERENT + 10).for_each(|n| kept.take(answered(n)));
        assert_eq!((kept.let_go, kept.order_of.len()), (10, DIFFERENT));
        let all = kept.into_all();
        assert_eq!(all.len(), DIFFERENT);
        assert_eq!(all.last().unwrap().final_status.as_ref().unwrap().value, 509);
    }
}
