"""What is true: models, rules, versions and the journal, over Peewee."""
