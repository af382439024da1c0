//! The tables of commands and the default set of the law say the same: who may give which command.

use access::{Action, Context, Law, Resource, Who, WhoKind};
use identity::CommandRow;
use identity::kept::Duty;

fn commands() -> impl Iterator<Item = &'static CommandRow> {
    identity::COMMANDS.iter().chain(evidence::COMMANDS)
}

fn may(law: &Law, who: &Who, command: &'static str) -> bool {
    let on = Resource::of_kind("Facility");
    law.decide(who, Action::command(command), &on, &Context::default()).is_ok()
}

#[test]
fn the_law_gives_each_command_to_the_duties_of_its_row() {
    let law = Law::builtin();
    for row in commands() {
        assert!(law.knows(Action::command(row.name)), "{} is missing in akashi.cedarschema", row.name);
        for duty in Duty::ALL {
            let who = Who {
                kind: WhoKind::Person,
                account: "boss".to_owned(),
                duties: [duty.word()].into(),
                ..Who::unknown("demo")
            };
            assert_eq!(may(&law, &who, row.name), row.duties.contains(duty), "{} {}", row.name, duty.word());
            let machine = Who { kind: WhoKind::Service, ..who };
            assert!(!may(&law, &machine, row.name), "{} by a service", row.name);
        }
        assert!(may(&law, &Who::system("demo", "console"), row.name), "{} at the console", row.name);
    }
}

#[test]
fn the_law_names_no_command_that_there_is_not() {
    let law = Law::builtin();
    let known = |name: &str| {
        commands().any(|row| row.name == name) || Action::ALL.iter().any(|action| action.name() == name)
    };
    let names: std::collections::BTreeSet<&str> = commands().map(|row| row.name).collect();
    assert_eq!(names.len(), commands().count(), "a name stands in one table only");
    let unknown: Vec<&str> = law.actions().filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
