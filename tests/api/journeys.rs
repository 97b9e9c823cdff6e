//! Stories across features, on both databases.

mod a_referral_with_an_order_becomes_a_concluded_programme;
mod a_whole_cobi_case;
mod alert_setting_turned_off_takes_a_day;
mod check_in_and_incident_beside_goals;
mod help_now_reaches_police_and_the_answer_comes_back;
mod missed_check_in_reaches_police;
mod two_instances_race;
mod withdrawn_consent_hides_at_once;
