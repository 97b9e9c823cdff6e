//! Forms as they are shown.

use crate::portal::pages::reader::InEnglish;

/// A form as it is shown.
pub struct ShownForm {
    /// Where it is sent.
    pub action: String,
    /// Its fields.
    pub fields: Vec<ShownField>,
    /// What its button says.
    pub button: InEnglish,
    /// Whether its act is not the usual next one.
    pub is_secondary: bool,
    /// Whether it was sent and refused.
    pub is_refused: bool,
}

/// A field as it is shown.
pub struct ShownField {
    /// Its id on the page.
    pub id: String,
    /// Its name.
    pub name: &'static str,
    /// Its label.
    pub label: InEnglish,
    /// What helps to fill it in.
    pub hint: Option<InEnglish>,
    /// What is wrong with what was typed.
    pub mistake: Option<String>,
    /// The ids of both.
    pub described_by: Option<String>,
    /// What is in it.
    pub value: String,
    /// `type` of HTML.
    pub kind: &'static str,
    /// `autocomplete` of HTML.
    pub complete: &'static str,
    /// Whether it has several lines.
    pub is_text: bool,
    /// Whether it is ticked.
    pub is_tick: bool,
    /// Whether it takes digits alone.
    pub is_digits: bool,
    /// What it is sent as where it is ticked.
    pub tick_value: &'static str,
    /// What there is to choose from; empty where something is typed.
    pub options: Vec<ShownOption>,
}

/// One of the words that a field takes.
pub struct ShownOption {
    /// The word, as the API knows it.
    pub value: String,
    /// What it is called.
    pub label: InEnglish,
    /// Whether it is chosen.
    pub is_selected: bool,
}

impl ShownForm {
    /// Lets a field be chosen from what is known only now: what each is sent as, and what it is called.
    pub fn offer(mut self, name: &str, choices: impl IntoIterator<Item = (String, String)>) -> Self {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            let chosen = field.value.clone();
            let option = |(value, label): (String, String)| ShownOption {
                is_selected: value == chosen,
                value,
                label: label.into(),
            };
            field.options = choices.into_iter().map(option).collect();
        }
        self
    }

    /// Puts into a field what is so now, unless something else was sent.
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let is_refused = self.is_refused;
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name && !is_refused) {
            for option in &mut field.options {
                option.is_selected = option.value == value;
            }
            value.clone_into(&mut field.value);
        }
        self
    }

    /// Ticks one of several words, unless something else was sent.
    pub fn tick(mut self, name: &str, word: &str) -> Self {
        let is_refused = self.is_refused;
        let is_it = |field: &&mut ShownField| field.name == name && field.tick_value == word && !is_refused;
        if let Some(field) = self.fields.iter_mut().find(is_it) {
            field.value = true.to_string();
        }
        self
    }
}

impl ShownField {
    /// Whether what was typed is wrong.
    pub fn is_wrong(&self) -> bool {
        self.mistake.is_some()
    }

    /// Whether one of several words is chosen.
    pub fn is_choice(&self) -> bool {
        !self.options.is_empty()
    }

    /// Whether it was ticked.
    pub fn is_ticked(&self) -> bool {
        self.value == "true"
    }
}

/// What is wrong with a form that was sent.
pub struct ErrorSummary {
    /// In words.
    pub lines: Vec<SummaryLine>,
}

/// One thing that is wrong.
pub struct SummaryLine {
    /// In words.
    pub words: String,
    /// The id of the field that it leads to.
    pub field: Option<String>,
}
