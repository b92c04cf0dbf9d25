//! What an HTTP authentication token is: SPNEGO, Kerberos or NTLM. Never its bytes.
//!
//! [`token`] is the door: base64 in, a [`TokenSeen`](crate::facts::TokenSeen) out. [`der`] walks ASN.1 that may break off
//! anywhere, since people paste tokens as far as a log or a mail shows them; what lies whole in it is decoded by
//! picky-asn1-der into picky-krb's types. Whole messages are not handed to picky-krb: its GSS wrapper panics on a broken
//! one, and its KRB-ERROR knows no client microseconds.

mod der;
mod kerberos;
mod ntlm;
#[cfg(test)]
pub(crate) mod samples;
mod spnego;
pub mod token;
pub mod told;
