//! The labels of Windows events in other languages than English: read as if the English label stood there.
//!
//! Only what our events need. Numbers, codes, account names and SPNs are never translated, so an event in a language that is
//! not here still gives what its shapes tell.

/// An English label, and what stands there in German, French, Spanish, Italian, Portuguese, Japanese, Chinese: in small
/// letters, without the colon.
const LABELS: [(&str, &[&str]); 44] = [
    ("Source", &["quelle", "origen", "origine", "fonte", "ソース", "来源"]),
    ("Date", &["datum", "fecha", "data", "日付", "日期"]),
    (
        "Event ID",
        &[
            "ereignis-id",
            "id de l'événement",
            "id. del evento",
            "id. de evento",
            "id evento",
            "identificação do evento",
            "id do evento",
            "イベント id",
            "事件 id",
        ],
    ),
    (
        "Task Category",
        &[
            "aufgabenkategorie",
            "catégorie de la tâche",
            "catégorie",
            "categoría de la tarea",
            "categoría de tarea",
            "タスクのカテゴリ",
        ],
    ),
    ("Level", &["ebene", "niveau", "nivel", "livello", "nível", "レベル", "级别"]),
    ("Keywords", &["schlüsselwörter", "mots clés", "palabras clave", "parole chiave", "キーワード", "关键字"]),
    ("User", &["benutzer", "utilisateur", "usuario", "utente", "usuário", "ユーザー", "用户"]),
    ("Computer", &["ordinateur", "equipo", "computador", "コンピューター", "计算机"]),
    ("Description", &["beschreibung", "descripción", "descrizione", "descrição", "説明", "描述"]),
    // Event 3.
    ("Client Time", &["clientzeit", "heure du client", "hora de cliente", "hora del cliente", "クライアントの時刻"]),
    ("Server Time", &["serverzeit", "heure du serveur", "hora de servidor", "hora del servidor", "サーバーの時刻"]),
    ("Extended Error", &["erweiterter fehler", "erreur étendue", "error extendido", "拡張エラー"]),
    (
        "Client Realm",
        &["clientbereich", "domaine du client", "domaine client", "dominio kerberos de cliente", "クライアントの領域"],
    ),
    ("Client Name", &["clientname", "nom du client", "nombre de cliente", "nombre del cliente", "クライアント名"]),
    (
        "Server Realm",
        &["serverbereich", "domaine du serveur", "domaine serveur", "dominio kerberos de servidor", "サーバーの領域"],
    ),
    ("Server Name", &["servername", "nom du serveur", "nombre de servidor", "nombre del servidor", "サーバー名"]),
    ("Target Name", &["zielname", "nom de la cible", "nombre de destino", "ターゲット名"]),
    ("Error Text", &["fehlertext", "texte de l'erreur", "texto de error", "エラー テキスト"]),
    ("File", &["datei", "fichier", "archivo", "ファイル"]),
    ("Line", &["zeile", "ligne", "línea", "行"]),
    // Security.
    ("Subject", &["antragsteller", "objet", "sujet", "asunto", "sujeto", "サブジェクト"]),
    (
        "Logon Type",
        &["anmeldetyp", "type d'ouverture de session", "tipo de inicio de sesión", "ログオン タイプ", "ログオンの種類"],
    ),
    (
        "Impersonation Level",
        &[
            "identitätswechselebene",
            "niveau d'emprunt d'identité",
            "niveau d'usurpation d'identité",
            "nivel de suplantación",
            "偽装レベル",
        ],
    ),
    ("New Logon", &["neue anmeldung", "nouvelle ouverture de session", "nuevo inicio de sesión", "新しいログオン"]),
    (
        "Account For Which Logon Failed",
        &[
            "konto, für das die anmeldung fehlgeschlagen ist",
            "konto, für das die anmeldung fehlschlug",
            "compte pour lequel l'ouverture de session a échoué",
            "cuenta con error de inicio de sesión",
            "ログオンを失敗したアカウント",
        ],
    ),
    ("Security ID", &["sicherheits-id", "id de sécurité", "id. de seguridad", "セキュリティ id"]),
    (
        "Account Name",
        &[
            "kontoname",
            "nom du compte",
            "nombre de cuenta",
            "nombre de la cuenta",
            "nome account",
            "アカウント名",
            "帐户名",
        ],
    ),
    (
        "Account Domain",
        &[
            "kontodomäne",
            "domaine du compte",
            "dominio de cuenta",
            "dominio de la cuenta",
            "dominio account",
            "アカウント ドメイン",
            "帐户域",
        ],
    ),
    ("Logon ID", &["anmelde-id", "id d'ouverture de session", "id. de inicio de sesión", "ログオン id"]),
    ("Logon GUID", &["anmelde-guid", "guid d'ouverture de session", "guid de inicio de sesión", "ログオン guid"]),
    ("Failure Reason", &["fehlerursache", "raison de l'échec", "motivo del error", "失敗の原因"]),
    ("Status", &["état", "estado", "stato", "状態", "状态"]),
    ("Sub Status", &["unterstatus", "sous-état", "subestado", "サブ ステータス", "子状态"]),
    (
        "Network Information",
        &["netzwerkinformationen", "informations sur le réseau", "información de red", "ネットワーク情報"],
    ),
    (
        "Logon Process",
        &["anmeldeprozess", "processus d'ouverture de session", "proceso de inicio de sesión", "ログオン プロセス"],
    ),
    (
        "Authentication Package",
        &["authentifizierungspaket", "package d'authentification", "paquete de autenticación", "認証パッケージ"],
    ),
    (
        "Transited Services",
        &[
            "übertragene dienste",
            "services en transit",
            "services transités",
            "servicios transitados",
            "移行されたサービス",
            "传递的服务",
        ],
    ),
    (
        "Package Name (NTLM only)",
        &[
            "paketname (nur ntlm)",
            "nom du package (ntlm uniquement)",
            "nombre de paquete (solo ntlm)",
            "nombre del paquete (solo ntlm)",
            "パッケージ名 (ntlm のみ)",
        ],
    ),
    ("Key Length", &["schlüssellänge", "longueur de la clé", "longitud de clave", "キーの長さ"]),
    (
        "Service Name",
        &[
            "dienstname",
            "nom du service",
            "nombre de servicio",
            "nombre del servicio",
            "nome servizio",
            "サービス名",
            "服务名称",
        ],
    ),
    (
        "Ticket Options",
        &[
            "ticketoptionen",
            "options du ticket",
            "opciones de vale",
            "opciones del vale",
            "opzioni ticket",
            "チケット オプション",
            "票证选项",
        ],
    ),
    ("Result Code", &["ergebniscode", "code de résultat", "código de resultado", "結果コード"]),
    (
        "Ticket Encryption Type",
        &[
            "ticketverschlüsselungstyp",
            "type de chiffrement du ticket",
            "tipo de cifrado de vale",
            "チケット暗号化の種類",
            "チケットの暗号化の種類",
        ],
    ),
    // Event 3 is read by the shape of its code, so the one word that both events use is the Security log's.
    (
        "Failure Code",
        &[
            "fehlercode",
            "code d'échec",
            "code d'erreur",
            "código de error",
            "código de falha",
            "codice errore",
            "エラー コード",
            "失敗コード",
            "失败代码",
        ],
    ),
];
/// Labels that end another and are not read.
const ENDS: [&str; 12] = [
    "kontoinformationen",
    "dienstinformationen",
    "weitere informationen",
    "detaillierte authentifizierungsinformationen",
    "informations sur le compte",
    "informations sur le service",
    "informations supplémentaires",
    "información de servicio",
    "información adicional",
    "サービス情報",
    "アカウント情報",
    "追加情報",
];
/// The first label of event 3 has no colon.
const SESSION: [&str; 5] = [
    "in anmeldesitzung",
    "lors de l'ouverture de session",
    "en inicio de sesión",
    "en el inicio de sesión",
    "ログオン セッション",
];
/// With what the texts begin, and the event's id.
const BODIES: [(&str, u32); 13] = [
    ("ein kerberos-dienstticket wurde angefordert", 4769),
    ("un ticket de service kerberos a été demandé", 4769),
    ("se solicitó un vale de servicio kerberos", 4769),
    ("kerberos サービス チケットが要求されました", 4769),
    ("ein konto wurde erfolgreich angemeldet", 4624),
    ("l'ouverture de session d'un compte s'est correctement déroulée", 4624),
    ("se inició sesión correctamente en una cuenta", 4624),
    ("アカウントが正常にログオンしました", 4624),
    ("fehler beim anmelden eines kontos", 4625),
    ("échec d'ouverture de session d'un compte", 4625),
    ("error de una cuenta al iniciar sesión", 4625),
    ("アカウントがログオンに失敗しました", 4625),
    ("kerberos エラー メッセージを受信しました", 3),
];
/// A line with more colons than a head and a date have.
const MANY: usize = 8;
/// No label is longer (in bytes).
const LONGEST: usize = 90;

/// The line with the English label in place of its own; `None` when it has none that we know.
pub fn english(line: &str) -> Option<String> {
    let trimmed = line.trim_start();
    if trimmed.matches(':').count() > MANY && id_of_text(trimmed).is_some() {
        return Some(one_line(trimmed));
    }
    if trimmed.is_ascii() && !trimmed.contains(':') {
        return ascii_session(trimmed);
    }
    let head = trimmed.split([':', '：']).next().filter(|h| h.len() <= LONGEST && h.len() < trimmed.len());
    if let Some(head) = head {
        let word = head.trim_end().to_lowercase();
        let found = LABELS.iter().find(|(_, others)| others.contains(&word.as_str())).map(|(label, _)| *label);
        let label = found.or_else(|| ENDS.contains(&word.as_str()).then_some("Additional Information"));
        let value = trimmed.get(head.len()..).map(|v| v.trim_start_matches([':', '：']));
        if let (Some(label), Some(value)) = (label, value) {
            return Some(format!(" {label}:{value}"));
        }
    }
    ascii_session(trimmed)
}

/// An event whose lines were joined: each label that we know stands on a line of its own again, and so does what the
/// wider gaps between fields tell apart.
fn one_line(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((head, behind)) = rest.split_once(':') {
        let found = LABELS
            .iter()
            .flat_map(|(label, others)| others.iter().map(move |o| (*label, *o)))
            .chain(ENDS.iter().map(|o| ("Additional Information", *o)))
            .filter_map(|(label, other)| Some((label, before(head.trim_end(), other)?)))
            .min_by_key(|(_, before)| before.len());
        match found {
            Some((label, before)) => out.extend([before, "\n", label, ":"]),
            None => out.extend([head, ":"]),
        }
        rest = behind;
    }
    out.push_str(rest);
    out.replace("  ", "\n")
}

/// The text before a label with which it ends.
fn before<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let (at, _) = text.char_indices().rev().nth(label.chars().count().checked_sub(1)?)?;
    let (before, tail) = text.split_at_checked(at)?;
    (tail.to_lowercase() == label && before.chars().next_back().is_none_or(char::is_whitespace)).then_some(before)
}

fn ascii_session(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let label = SESSION.iter().find(|s| lower.starts_with(*s))?;
    let rest = line.get(label.len()..)?;
    Some(format!(" on logon session{rest}"))
}

/// The id of the event whose text this is, in one of these languages.
pub fn id_of_text(text: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    BODIES.iter().find(|(body, _)| lower.contains(body)).map(|(_, id)| *id)
}

/// A level of impersonation in English.
pub fn level(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let is = |words: &[&str]| words.iter().any(|w| lower == *w);
    if is(&["delegierung", "délégation", "delegación", "委任"]) {
        return Some("Delegation");
    }
    if is(&["identitätswechsel", "emprunt d'identité", "usurpation d'identité", "suplantación", "偽装"]) {
        return Some("Impersonation");
    }
    is(&["identifizierung", "identifikation", "identificación", "識別"]).then_some("Identification")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_reads_like_its_english_one() {
        let cases = [
            ("Ereignis-ID:   4769", " Event ID:   4769"),
            ("\tNom du service :\t\tsvc-api", " Service Name:\t\tsvc-api"),
            (" Código de error: 0xd KDC_ERR_BADOPTION", " Failure Code: 0xd KDC_ERR_BADOPTION"),
            ("\tチケット オプション:\t\t0x40830000", " Ticket Options:\t\t0x40830000"),
            ("サービス名：svc-api", " Service Name:svc-api"),
            (" in Anmeldesitzung CONTOSO.COM\\svc-web", " on logon session CONTOSO.COM\\svc-web"),
            (" lors de l'ouverture de session CONTOSO\\svc-web", " on logon session CONTOSO\\svc-web"),
        ];
        for (line, want) in cases {
            assert_eq!(english(line).as_deref(), Some(want), "{line}");
        }
        for line in ["", ":", "Computer: WEB01", "Ein Satz: und mehr", "https://x.test:8080/"] {
            assert_eq!(english(line), None, "{line}");
        }
    }

    #[test]
    fn an_event_on_one_line_is_cut_at_its_labels() {
        let line = "WEB01 Security 4624 Se inició sesión correctamente en una cuenta. Tipo de inicio de sesión: 3  Modo restringido: - \
            Nuevo inicio de sesión: Id. de seguridad: A\\svc Nombre de cuenta: svc Dominio de cuenta: A.ES Id. de inicio de sesión: 0x5 \
            Proceso de inicio de sesión: Kerberos Paquete de autenticación: Kerberos Longitud de clave: 0";
        let lines = english(line).unwrap();
        for want in [
            "Logon Type: 3",
            "Account Name: svc ",
            "Account Domain: A.ES ",
            "Logon Process: Kerberos ",
            "Key Length: 0",
        ] {
            assert!(lines.lines().any(|l| l == want), "{want}: {lines}");
        }
        assert_eq!(english("Firmante: x"), None);
    }

    #[test]
    fn labels_are_written_as_they_are_compared() {
        let all = LABELS.iter().flat_map(|(_, others)| others.iter()).chain(&ENDS).chain(&SESSION);
        for label in all {
            assert_eq!(*label, label.to_lowercase(), "{label}");
            assert!(label.len() <= LONGEST && !label.contains(':') && !label.contains('’'), "{label}");
        }
    }

    #[test]
    fn the_text_tells_the_event() {
        assert_eq!(id_of_text("Ein Kerberos-Dienstticket wurde angefordert."), Some(4769));
        assert_eq!(id_of_text("L'ouverture de session d'un compte s'est correctement déroulée."), Some(4624));
        assert_eq!(id_of_text("ein Satz ohne Ereignis"), None);
        assert_eq!(level("Delegierung"), Some("Delegation"));
    }
}
