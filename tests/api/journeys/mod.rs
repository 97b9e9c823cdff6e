//! Stories across features, on both databases.

mod alert_setting_turned_off_takes_a_day;
mod check_in_and_incident_beside_goals;
mod help_now_reaches_police_and_the_answer_comes_back;
mod missed_check_in_reaches_police;
mod two_instances_race;
mod withdrawn_consent_hides_at_once;
