//! What an HTTP authentication token is: SPNEGO, Kerberos or NTLM. Never its bytes.

pub mod token;
