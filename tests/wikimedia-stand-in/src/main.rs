//! A wiki for tests in other languages: `wikimedia-stand-in 7=Example_Volunteer 8=…` has these
//! accounts, prints its address, and ends with its standard input.

#![expect(clippy::print_stdout, reason = "the address is what it is started for")]

use std::io::Read as _;

use wikimedia_stand_in::StandIn;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wiki = StandIn::start();
    for account in std::env::args().skip(1) {
        let (id, name) = account.split_once('=').ok_or("an account is ID=NAME")?;
        let id = id.parse()?;
        wiki.change(|wiki| wiki.add_account(id, &name.replace('_', " ")));
    }
    println!("{}", wiki.url());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
