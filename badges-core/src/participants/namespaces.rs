//! What the wikis call the namespace of user pages: `User:` in their languages.

use unicode_normalization::UnicodeNormalization;

/// The namespace's names on the large wikis, in small letters, after MediaWiki's
/// `languages/messages/Messages*.php` (`NS_USER`, its aliases and its forms for women) and the
/// configuration of Czech and Polish Wikipedia. `User:` itself works on every wiki.
const USER: &[&str] = &[
    "user",
    "bruger",
    "bruker",
    "användare",
    "benutzer",
    "benutzerin",
    "gebruiker",
    "kasutaja",
    "korisnik",
    "kullanıcı",
    "käyttäjä",
    "lankide",
    "mtumiaji",
    "naudotoja",
    "naudotojas",
    "notandi",
    "pengguna",
    "suradnik",
    "szerkesztő",
    "thành viên",
    "usuari",
    "usuaria",
    "usuario",
    "usuària",
    "usuária",
    "usuário",
    "utente",
    "utilisateur",
    "utilisatrice",
    "utilizador",
    "utilizadora",
    "utilizator",
    "uživatel",
    "uživatelka",
    "użytkowniczka",
    "użytkownik",
    "wikipedista",
    "wikipedistka",
    "wikipedysta",
    "wikipedystka",
    "χρήστης",
    "корисник",
    "користувач",
    "потребител",
    "удзельнік",
    "удзельніца",
    "участник",
    "участница",
    "қатысушы",
    "մասնակից",
    "მომხმარებელი",
    "משתמש",
    "משתמשת",
    "كاربر",
    "مستخدم",
    "مستخدمة",
    "صارف",
    "کاربر",
    "सदस्य",
    "ব্যবহারকারী",
    "பயனர்",
    "ഉപയോക്താവ്",
    "ผู้ใช้",
    "使用者",
    "利用者",
    "用户",
    "用戶",
    "사용자",
];

/// Whether this is a name of the namespace of user pages, in any case.
pub(super) fn is_user_namespace(name: &str) -> bool {
    let name = name.nfc().collect::<String>().to_lowercase();
    USER.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found() {
        for name in USER {
            assert!(is_user_namespace(name), "{name}");
        }
    }
}
