//! The templates of pages and what is served with them: no words of their own, and no mark of another service.

use holdfast::words::{self, Language};

use super::architecture::{files, read};

const COMPONENTS: &str = "src/portal/pages/vendor/govuk-frontend.css";

fn templates() -> Vec<(String, String)> {
    let found = files("src/portal/pages/templates", ".html");
    assert!(found.len() > 20, "the templates are not found: {}", found.len());
    found
}

/// What is written out: a template without its comments, tags and expressions.
fn as_written(template: &str) -> String {
    let (mut written, mut rest) = (String::new(), template);
    while let Some(at) = rest.find('{') {
        written.push_str(&rest[..at]);
        let end = match rest.get(at..at + 2) {
            Some("{#") => "#}",
            Some("{%") => "%}",
            Some("{{") => "}}",
            _ => panic!("a brace that is none of askama's: {rest}"),
        };
        rest = rest[at..].split_once(end).unwrap_or_else(|| panic!("it does not end: {rest}")).1;
    }
    written + rest
}

/// The values of an attribute.
fn values<'h>(written: &'h str, attribute: &str) -> Vec<&'h str> {
    let start = format!(" {attribute}=\"");
    written.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn what_is_written_is_found() {
    let template = "{# a #}{% if b %}<p aria-label=\"{{ c }}\">d{{ e }}</p>{% endif %}";
    assert_eq!(as_written(template), "<p aria-label=\"\">d</p>");
    assert_eq!(values("<p aria-label=\"f\">", "aria-label"), ["f"]);
}

#[test]
fn no_template_has_words_of_its_own() {
    let has_words = |text: &str| text.chars().any(char::is_alphabetic);
    for (file, template) in templates() {
        let written = as_written(&template);
        let texts = written.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        for text in texts {
            assert!(!has_words(text), "{file}: say it in src/words: {text:?}");
        }
        for attribute in ["alt", "aria-label", "placeholder", "title"] {
            assert!(
                !values(&written, attribute).into_iter().any(has_words),
                "{file}: {attribute} has words of its own"
            );
        }
    }
}

/// What a template asks for by a call: the ids in it.
fn named<'t>(template: &'t str, call: &str) -> Vec<&'t str> {
    template.split(call).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn every_message_that_a_template_names_is_there() {
    let mut found = 0;
    for (file, template) in templates() {
        for id in named(&template, "reader.say(\"") {
            for language in Language::ALL {
                assert!(words::find(*language, id, &[]).is_some(), "{file}: {id} is no message in {language}");
            }
            found += 1;
        }
        for id in named(&template, "reader.in_english(\"") {
            assert!(words::find(Language::English, id, &[]).is_some(), "{file}: {id} is no message");
            found += 1;
        }
    }
    assert!(found > 80, "the messages are not found: {found}");
}

#[test]
fn nothing_escapes_escaping_and_each_form_carries_what_makes_it_ours() {
    for (file, template) in templates() {
        for never in ["|safe", "| safe", "|escape(", " style=", "<style", " onclick=", " onsubmit=", "javascript:"] {
            assert!(!template.contains(never), "{file} has {never}");
        }
        let forms = template.matches("<form ").count();
        let posted = template.matches("<form method=\"post\" action=\"").count();
        assert_eq!((posted, template.matches("token(reader) }}").count()), (forms, forms), "{file}");
    }
}

/// Pages are not of GOV.UK: they use its components, and none of what is kept for services there.
#[test]
fn what_is_served_has_no_mark_of_another_service() {
    let served = [".css", ".html", ".js"].map(|ending| files("src/portal/pages", ending)).concat();
    assert!(served.iter().any(|(file, _)| file == COMPONENTS));
    for (file, text) in served {
        let text = text.to_lowercase();
        for never in
            ["gds transport", "@font-face", "fonts/", "url(", "@import", "crest", "crown", "govuk-logo", "sourcemap"]
        {
            assert!(!text.contains(never), "{file} has {never}");
        }
    }
    let components = read(COMPONENTS);
    assert!(components.contains("font-family:Arial,sans-serif"));
    assert!(read("src/portal/pages/vendor/LICENSE.txt").contains("The MIT License (MIT)"));
    let script = read("scripts/vendor-govuk-frontend");
    let version = script.split("\nVERSION=").nth(1).unwrap().lines().next().unwrap();
    assert!(components.starts_with(&format!("/* GOV.UK Frontend {version}, MIT")), "it is not made by the script");
    assert!(components.contains(&format!("--govuk-frontend-version: \"{version}\"")));
}

#[test]
fn every_class_of_a_page_has_its_style() {
    let style = read(COMPONENTS) + &read("src/portal/pages/portal.css");
    for (file, template) in templates() {
        let written = as_written(&template);
        for class in values(&written, "class").into_iter().flat_map(str::split_whitespace) {
            // The end of some depends on what is shown.
            let rule = format!(".{}", class.replace('!', "\\!"));
            assert!(style.contains(&rule), "{file}: {class} has no style: is its component vendored?");
        }
    }
}
