use std::fs::File;

use super::*;

fn key_file(folder: &tempfile::TempDir) -> SealSource {
    SealSource::File(folder.path().join("sealing-key"))
}

fn made(source: &SealSource) -> Seal {
    Seal::open(source, IfMissing::Make).unwrap().0
}

#[test]
fn the_key_is_made_once_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let source = key_file(&folder);
    let path = folder.path().join("sealing-key");
    let missing = Seal::open(&source, IfMissing::Refuse).map(|_| ());
    assert!(matches!(missing, Err(SealError::Missing(it)) if it == path));
    assert!(!path.exists());

    let (seal, notices) = Seal::open(&source, IfMissing::Make).unwrap();
    assert_eq!(notices, [Notice::Made(path.clone())]);
    let sealed = seal.seal(b"secret").unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# ") && text.contains("\nAGE-SECRET-KEY-1"));

    for if_missing in [IfMissing::Make, IfMissing::Refuse] {
        let (again, notices) = Seal::open(&source, if_missing).unwrap();
        assert_eq!(notices, []);
        assert_eq!(*again.unseal(&sealed).unwrap(), b"secret");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    let (from_text, _) = Seal::open(
        &SealSource::Identity(text.replace('\n', "\r\n").into()),
        IfMissing::Refuse,
    )
    .unwrap();
    assert_eq!(*from_text.unseal(&sealed).unwrap(), b"secret");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_told_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let source = key_file(&folder);
    made(&source);
    let path = folder.path().join("sealing-key");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (_, notices) = Seal::open(&source, IfMissing::Make).unwrap();
    assert_eq!(notices, [Notice::OpenToOthers { path, mode: 0o644 }]);
    assert!(
        notices[0].to_string().contains("(mode 644)"),
        "{}",
        notices[0]
    );
}

#[test]
fn processes_that_start_at_once_have_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let source = key_file(&folder);
    let starting: Vec<_> = (0..16)
        .map(|_| {
            let source = source.clone();
            std::thread::spawn(move || Seal::open(&source, IfMissing::Make).unwrap())
        })
        .collect();
    let seals: Vec<_> = starting.into_iter().map(|it| it.join().unwrap()).collect();
    let first = seals[0].0.public_key();
    assert!(seals.iter().all(|(seal, _)| seal.public_key() == first));
    assert_eq!(
        seals
            .iter()
            .filter(|(_, notices)| !notices.is_empty())
            .count(),
        1
    );
}

#[test]
fn a_start_that_was_interrupted_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealing-key");
    File::create(&path).unwrap();
    let source = key_file(&folder);
    assert!(Seal::open(&source, IfMissing::Refuse).is_err());
    let public_key = made(&source).public_key();
    assert_eq!(made(&source).public_key(), public_key);
}

#[test]
fn another_key_and_damage_are_told_apart() {
    let [folder, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [seal, other] = [&folder, &other].map(|folder| made(&key_file(folder)));
    let sealed = seal.seal(b"secret").unwrap();
    let error = other.unseal(&sealed).unwrap_err();
    assert!(matches!(&error, SealError::OtherKey { .. }), "{error}");
    assert!(error.to_string().contains(&other.public_key()), "{error}");
    let mut changed = sealed.clone();
    *changed.last_mut().unwrap() ^= 1;
    for damaged in [
        &changed[..],
        &sealed[..sealed.len() - 1],
        &sealed[..40],
        b"",
        b"text",
    ] {
        let error = seal.unseal(damaged).unwrap_err();
        assert!(matches!(&error, SealError::Damaged), "{error}");
    }
    // No byte of it can be changed unnoticed.
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(seal.unseal(&changed).is_err(), "{at}");
    }
}

#[test]
fn a_new_key_before_the_old_one_seals_and_both_open() {
    let [old, new] = [(); 2].map(|()| new_identity());
    let seal = |texts: &[&Zeroizing<String>]| {
        let text: String = texts.iter().map(|text| text.as_str()).collect();
        Seal::parse(&text, None).unwrap()
    };
    let sealed = seal(&[&old]).seal(b"secret").unwrap();
    let both = seal(&[&new, &old]);
    assert_eq!(*both.unseal(&sealed).unwrap(), b"secret");
    let sealed = both.seal(b"secret").unwrap();
    assert_eq!(*seal(&[&new]).unseal(&sealed).unwrap(), b"secret");
    assert!(seal(&[&old]).unseal(&sealed).is_err());
}

#[test]
fn a_passphrase_opens_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealing-key.age");
    let source = |passphrase: &str| SealSource::Passphrase {
        passphrase: passphrase.to_owned().into(),
        file: path.clone(),
    };
    let public_key = made(&source("right")).public_key();
    let made = std::fs::read_to_string(&path).unwrap();
    assert!(made.starts_with(ARMOR), "{made}");
    let again = Seal::open(&source("right"), IfMissing::Refuse).unwrap().0;
    assert_eq!(again.public_key(), public_key);

    // The same with less work, for the sake of time.
    let mut recipient = age::scrypt::Recipient::new("right".to_owned().into());
    recipient.set_work_factor(4);
    let text = age::encrypt_and_armor(&recipient, new_identity().as_bytes()).unwrap();
    std::fs::write(&path, &text).unwrap();
    assert!(Seal::open(&source("right"), IfMissing::Refuse).is_ok());
    let error = |source: &SealSource| Seal::open(source, IfMissing::Make).err().unwrap();
    let wrong = error(&source("wrong"));
    assert!(matches!(&wrong, SealError::WrongPassphrase(_)), "{wrong}");
    let plain = error(&SealSource::File(path.clone()));
    assert!(matches!(&plain, SealError::NeedsPassphrase(_)), "{plain}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    std::fs::write(&path, &text[..text.len() / 2]).unwrap();
    let damaged = error(&source("right"));
    assert!(matches!(&damaged, SealError::DamagedFile(_)), "{damaged}");
}

#[test]
fn what_is_no_key_is_refused_and_not_repeated() {
    let key = new_identity();
    let key = key.lines().last().unwrap();
    for text in [
        "",
        "# only a comment",
        &key[..key.len() - 1],
        &format!("{key}\n{}", &key[1..]),
        &format!("key = {key}"),
    ] {
        let source = SealSource::Identity(text.to_owned().into());
        let error = Seal::open(&source, IfMissing::Make)
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("holds no sealing key"), "{error}");
        assert!(!error.contains(&key[20..30]), "{error}");
        assert!(!format!("{source:?}").contains(&key[20..30]));
    }
    let folder = tempfile::tempdir().unwrap();
    let nowhere = SealSource::File(folder.path().join("a").join("b"));
    let error = Seal::open(&nowhere, IfMissing::Make).err().unwrap();
    assert!(matches!(&error, SealError::File { .. }), "{error}");
}
