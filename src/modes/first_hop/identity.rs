//! What the modes about the decrypting account share.

use crate::modes::prelude::*;

/// A computer account answers for a name that is on a service account: the picture of kernel mode with its defaults.
pub const MACHINE_FOR_SERVICE: Expr =
    all(&[test("test-decrypting-account", &["computer"]), test("test-spn-owner-kind", &["service"])]);

/// A computer account answers for a name that is on another computer account: nodes behind one name, or the wrong machine.
pub const ONE_MACHINE_FOR_ANOTHER: Expr =
    all(&[test("test-decrypting-account", &["computer"]), test("test-spn-owner-kind", &["computer"])]);
