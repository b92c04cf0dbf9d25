//! What the modes about the decrypting account share.

use crate::modes::prelude::*;

/// A computer account answers for a name that is on a service account: the picture of kernel mode with its defaults.
pub const MACHINE_FOR_SERVICE: Expr =
    all(&[test("test-decrypting-account", &["computer"]), test("test-spn-owner-kind", &["service"])]);
