//! The page for those who run the service tells every setting as it is.

use badges_server::Options;

const PAGE: &str = include_str!("../../../docs/running-a-service.md");

#[test]
fn every_setting_is_in_the_table() {
    let command = Options::clap_command();
    let settings = command
        .get_arguments()
        .filter(|argument| argument.is_global_set());
    let mut rows = Vec::new();
    for setting in settings {
        let default = setting
            .get_default_values()
            .first()
            .map(|value| format!("`{}`", value.to_str().unwrap()));
        let row = format!(
            "| `--{}` | `{}` | {} |",
            setting.get_long().unwrap(),
            setting.get_env().unwrap().to_str().unwrap(),
            default
                .filter(|default| default != "`false`")
                .unwrap_or_default(),
        );
        rows.push(row.replace("|  |", "| |"));
    }
    assert!(rows.len() > 15);
    for row in &rows {
        assert!(
            PAGE.contains(row.as_str()),
            "docs/running-a-service.md lacks the row\n{row}\nall are\n{}",
            rows.join("\n")
        );
    }
    let told = PAGE
        .lines()
        .filter(|line| line.starts_with("| `--"))
        .count();
    assert_eq!(
        told,
        rows.len(),
        "the table has settings that there are not"
    );
}

#[test]
fn every_command_is_told() {
    let command = Options::clap_command();
    let admin = command.find_subcommand("admin").unwrap();
    for under in admin
        .get_subcommands()
        .filter(|under| under.get_name() != "help")
    {
        let name = format!("`admin {}", under.get_name());
        assert!(
            PAGE.contains(&name),
            "docs/running-a-service.md lacks {name}`"
        );
        assert!(under.get_about().is_some());
    }
}
