//! The fourteen questions, with their options and the words in which people are asked (failure-modes.md, 8.1 and 8.5).

/// One of the fourteen questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // the table below says what each asks
pub enum Question {
    Hop1,
    Scope,
    Asked,
    Tkt,
    Model,
    Fe,
    Err,
    Bes,
    Dom,
    Fspn,
    Bspn,
    Pol,
    Usr,
    Chg,
}

/// One answer of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The option's id, as in the answer table.
    pub id: &'static str,
    /// The words.
    pub says: &'static str,
}

/// Who can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// The user at the PC.
    User,
    /// An administrator of the server.
    ServerAdmin,
    /// An administrator (or reader) of the directory.
    AdAdmin,
}

impl Needs {
    /// The schema's word.
    pub fn word(self) -> &'static str {
        match self {
            Needs::User => "user",
            Needs::ServerAdmin => "server-admin",
            Needs::AdAdmin => "ad-admin",
        }
    }
}

/// Everything about a question.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// The question.
    pub question: Question,
    /// Its id.
    pub id: &'static str,
    /// The words.
    pub ask: &'static str,
    /// How to find out: a command or clicks.
    pub how: &'static str,
    /// Who can answer.
    pub needs: Needs,
    /// False for those that nobody knows in words: the command is given and its output read.
    pub in_words: bool,
    /// The options of the answer table. Those with empty words are read from evidence only.
    pub options: &'static [Choice],
}

const fn choice(id: &'static str, says: &'static str) -> Choice {
    Choice { id, says }
}

/// The table, in the order of the answer table's columns.
pub const QUESTIONS: [Asking; 14] = [
    Asking {
        question: Question::Hop1,
        id: "hop1",
        ask: "When you open the page: what happens?",
        how: "Open the page in a fresh browser window and watch. A capture from edge://net-export answers this for certain.",
        needs: Needs::User,
        in_words: true,
        options: &[
            choice("K", "It opens, signed in silently (Kerberos accepted)"),
            choice(
                "R",
                "401, or it asks for a password again and again and takes none (the server refuses the ticket)",
            ),
            choice("N", "It opens, but by NTLM (whoami or a trace says so)"),
            choice("P", "It asks for a user name and password, and opens with them"),
            choice("A", "It opens without any sign-in (anonymous)"),
            choice("B", "HTTP 400, Request Header Too Long"),
        ],
    },
    Asking {
        question: Question::Scope,
        id: "scope",
        ask: "Who or what fails?",
        how: "Try the same page in another browser (IE mode: Settings, Default browser, Internet Explorer compatibility), with another user, on another PC.",
        needs: Needs::User,
        in_words: true,
        options: &[
            choice("all", "Everyone, in IE mode too"),
            choice("cr", "Only Edge or Chrome; IE or IE mode works"),
            choice("ie", "Only IE or IE mode"),
            choice("ff", "Only Firefox"),
            choice("px", "Only on Linux or macOS"),
            choice("pw", "Only in a private window"),
            choice("pc", "Only on some PCs or in some sessions"),
            choice("us", "Only for some users"),
            choice("nd", "Only on some server nodes or paths"),
            choice("sv", "Only on the web server itself"),
            choice("tm", "It depends on the time: first it works, later not"),
            choice("be", "Only towards one back end or one kind of service"),
        ],
    },
    Asking {
        question: Question::Asked,
        id: "asked",
        ask: "Did the browser ask to delegate?",
        how: "edge://net-export: start, load the page, stop. In the file: AUTH_LIBRARY_INIT_SEC_CTX, flags.",
        needs: Needs::User,
        in_words: false,
        options: &[
            choice("y", "Yes: flags 0x00000003, delegated true"),
            choice("n", "No: flags 0x00000000, delegated false"),
            choice("-", "Not visible (no such event)"),
        ],
    },
    Asking {
        question: Question::Tkt,
        id: "tkt",
        ask: "What does the user's ticket for the web server look like?",
        how: "On the user's PC, in a prompt that is not elevated, right after loading the page: klist",
        needs: Needs::User,
        in_words: false,
        options: &[
            choice("FO", "forwardable and ok_as_delegate"),
            choice("F", "forwardable, no ok_as_delegate"),
            choice("x", "not forwardable"),
            choice("0", "There is no ticket for HTTP/ and this server"),
        ],
    },
    Asking {
        question: Question::Model,
        id: "model",
        ask: "Which kind of delegation is configured in the directory?",
        how: "Active Directory Users and Computers, the account that runs the web application, tab Delegation. Or: Get-ADUser <account> -Properties TrustedForDelegation,TrustedToAuthForDelegation,msDS-AllowedToDelegateTo; on the back end's account: PrincipalsAllowedToDelegateToAccount.",
        needs: Needs::AdAdmin,
        in_words: true,
        options: &[
            choice("U", "Unconstrained: trust for delegation to any service"),
            choice("C", "Constrained: specified services, Kerberos only"),
            choice("T", "Constrained: specified services, any protocol"),
            choice("R", "Resource-based: set on the back end's account"),
            choice("CR", "Both a list and resource-based"),
            choice("0", "Nothing on the account that runs the web application"),
        ],
    },
    Asking {
        question: Question::Fe,
        id: "fe",
        ask: "What does the user's logon session on the web server hold?",
        how: "On the web server, elevated: klist sessions, find the user's Kerberos:Network session, then klist -li 0x<LogonId>",
        needs: Needs::ServerAdmin,
        in_words: false,
        options: &[
            choice("fwd", "A forwarded krbtgt ticket (0x60a10000)"),
            choice("exp", "A forwarded krbtgt ticket that has expired"),
            choice("asc", "Only the ticket that came in (Cache Flags 0x8, ASC)"),
            choice("be", "A ticket of the user for the back end"),
            choice("s4u", "Only a ticket that the server made for the user (Cache Flags 0x4, S4U)"),
            choice("no", "Nothing, or there is no such session"),
        ],
    },
    Asking {
        question: Question::Err,
        id: "err",
        ask: "Which error does the web server get when it asks for a ticket to the back end?",
        how: "On the web server: reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Kerberos\\Parameters /v LogLevel /t REG_DWORD /d 1, load the page, System log, source Security-Kerberos, event 3; set it back to 0. Or lsass.log.",
        needs: Needs::ServerAdmin,
        in_words: false,
        options: &[
            choice("none", "No error: nothing was asked, or the ticket came"),
            choice("13", "0xd KDC_ERR_BADOPTION"),
            choice("12", "0xc KDC_ERR_POLICY"),
            choice("7", "0x7 or 0x8: principal unknown or not unique"),
            choice("41", "0x29 KRB_AP_ERR_MODIFIED"),
            choice("14", "0xe KDC_ERR_ETYPE_NOTSUPP"),
            choice("40b", "0xc000040b STATUS_CROSSREALM_DELEGATION_FAILURE"),
            choice("loc", "It fails without asking a domain controller"),
            choice("-", "It never gets that far"),
        ],
    },
    Asking {
        question: Question::Bes,
        id: "bes",
        ask: "What name does the back end's error (or log) show?",
        how: "Read the error message of the page, the SQL Server log, or the security log of the back end (event 4624).",
        needs: Needs::User,
        in_words: true,
        options: &[
            choice("user", "The user's own name"),
            choice("svc", "SERVER$ or a service account"),
            choice("anon", "ANONYMOUS LOGON, nobody, or a plain 401"),
            choice("-", "The back end is never reached"),
        ],
    },
    Asking {
        question: Question::Dom,
        id: "dom",
        ask: "In which domains are the user, the account that runs the web application, and the account that runs the back end?",
        how: "whoami /fqdn for the user; the distinguished names of the two accounts (Get-ADUser … | select DistinguishedName).",
        needs: Needs::AdAdmin,
        in_words: true,
        options: &[
            choice("same", "Web application and back end in one domain"),
            choice("xdom", "Web application and back end in different domains"),
            choice("xuser", "The user in another forest than the web application"),
            choice("dmz", "The web application in another forest than user and back end"),
        ],
    },
    Asking {
        question: Question::Fspn,
        id: "fspn",
        ask: "Who owns the web server's SPN?",
        how: "setspn -F -Q HTTP/<host in the address bar>",
        needs: Needs::User,
        in_words: false,
        options: &[
            choice("ok", "One account, the one that decrypts the ticket"),
            choice("none", "Nobody: No such SPN found"),
            choice("dup", "Two accounts"),
            choice("own", "One account, but another than the one that runs the application"),
            choice("form", "Only another form (alias, port) is registered"),
        ],
    },
    Asking {
        question: Question::Bspn,
        id: "bspn",
        ask: "Who owns the back end's SPN?",
        how: "setspn -F -Q <class>/<host>, for SQL Server MSSQLSvc/<full name>:<port>",
        needs: Needs::User,
        in_words: false,
        options: &[
            choice("ok", "One account, the one that runs the service"),
            choice("none", "Nobody: No such SPN found"),
            choice("dup", "Two accounts"),
            choice("own", "One account, but another than the one that runs the service"),
        ],
    },
    Asking {
        question: Question::Pol,
        id: "pol",
        ask: "What does edge://policy show for AuthNegotiateDelegateAllowlist?",
        how: "Open edge://policy (chrome://policy) on the user's PC.",
        needs: Needs::User,
        in_words: true,
        options: &[
            choice("abs", "It is not in the list"),
            choice("bad", "Another spelling (…Whitelist), a status that is not OK, or the wrong key"),
            choice("nom", "It is there, but the host in the address bar matches no entry"),
            choice("ok", "It is there and the host matches"),
        ],
    },
    Asking {
        question: Question::Usr,
        id: "usr",
        ask: "What kind of account is the user?",
        how: "Get-ADUser <user> -Properties AccountNotDelegated,MemberOf, or tab Account in Users and Computers; whoami /groups on the PC shows Protected Users.",
        needs: Needs::User,
        in_words: true,
        options: &[
            choice("n", "An ordinary one"),
            choice("nd", "Marked: sensitive and cannot be delegated"),
            choice("pu", "A member of Protected Users"),
        ],
    },
    Asking {
        question: Question::Chg,
        id: "chg",
        ask: "Was anything changed in the directory or the policies within the last hours?",
        how: "Ask whoever administers them. Did it ever work? What came since: an update, a new PC, a password, a moved server?",
        needs: Needs::User,
        in_words: true,
        options: &[choice("no", "No"), choice("yes", "Yes")],
    },
];

impl Question {
    /// All fourteen, in the order of the answer table.
    pub fn all() -> impl Iterator<Item = Question> {
        QUESTIONS.iter().map(|q| q.question)
    }

    /// The question with this id.
    pub fn by_id(id: &str) -> Option<Question> {
        QUESTIONS.iter().find(|q| q.id == id).map(|q| q.question)
    }

    /// Its words and options.
    pub fn asking(self) -> &'static Asking {
        QUESTIONS.iter().find(|q| q.question == self).unwrap_or(&QUESTIONS[0])
    }

    /// Its id.
    pub fn id(self) -> &'static str {
        self.asking().id
    }

    /// Its place in the answer table.
    pub fn index(self) -> usize {
        QUESTIONS.iter().position(|q| q.question == self).unwrap_or(0)
    }

    /// The option with this id, letter case aside where that is not ambiguous.
    pub fn option(self, id: &str) -> Option<&'static str> {
        let options = self.asking().options;
        options
            .iter()
            .find(|o| o.id == id)
            .or_else(|| options.iter().find(|o| o.id.eq_ignore_ascii_case(id)))
            .map(|o| o.id)
    }
}
