//! What the server itself says about a page, in the page's languages.

use super::language::Language;

/// The words around what is looked up. `{}` stands for it.
pub struct Texts {
    /// The program.
    pub name: &'static str,
    /// One sentence about it.
    pub description: &'static str,
    /// Titles of the pages.
    pub everyone: &'static str,
    pub history: &'static str,
    pub result: &'static str,
    pub unknown: &'static str,
    /// Three categories with their shares.
    pub gives_most: &'static str,
    /// What the picture shows, of a budget and of one submission.
    pub picture: &'static str,
    pub picture_of_one: &'static str,
    /// Marks in the picture.
    pub mine: &'static str,
    pub all: &'static str,
    pub real: &'static str,
    pub participants: &'static str,
    pub caution: &'static str,
    pub more: &'static str,
    /// Between the members of a list.
    pub comma: &'static str,
}

impl Language {
    /// The words in this language.
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::Spanish => &SPANISH,
            Self::French => &FRENCH,
            Self::German => &GERMAN,
            Self::Arabic => &ARABIC,
        }
    }
}

const ENGLISH: Texts = Texts {
    name: "Tax Budget Allocator",
    description: "Say how you would spend the budget and watch everybody's averages move, live.",
    everyone: "Everyone's answer",
    history: "My submissions",
    result: "One answer",
    unknown: "Not found",
    gives_most: "Gives most to {}.",
    picture: "Chart: everyone's average for each category of “{}”, beside the real budget.",
    picture_of_one: "Chart: one answer to “{}”, beside everyone's average and the real budget.",
    mine: "This answer",
    all: "Everyone",
    real: "Real budget",
    participants: "Participants: {}",
    caution: "Participants chose themselves; this is not a poll.",
    more: "and {} more",
    comma: ", ",
};

const SPANISH: Texts = Texts {
    name: "Tax Budget Allocator",
    description: "Diga cómo gastaría el presupuesto y vea moverse en vivo los promedios de todos.",
    everyone: "La respuesta de todos",
    history: "Mis respuestas",
    result: "Una respuesta",
    unknown: "No encontrado",
    gives_most: "Da más a {}.",
    picture: "Gráfico: el promedio de todos para cada partida de «{}», junto al presupuesto real.",
    picture_of_one: "Gráfico: una respuesta a «{}», junto al promedio de todos y al presupuesto real.",
    mine: "Esta respuesta",
    all: "Todos",
    real: "Presupuesto real",
    participants: "Participantes: {}",
    caution: "Participa quien quiere; esto no es una encuesta.",
    more: "y {} más",
    comma: ", ",
};

const FRENCH: Texts = Texts {
    name: "Tax Budget Allocator",
    description: "Dites comment vous dépenseriez le budget et voyez évoluer en direct les moyennes de tous.",
    everyone: "La réponse de tous",
    history: "Mes réponses",
    result: "Une réponse",
    unknown: "Introuvable",
    gives_most: "Donne le plus à : {}.",
    picture: "Graphique : la moyenne de tous pour chaque poste de « {} », à côté du budget réel.",
    picture_of_one: "Graphique : une réponse à « {} », à côté de la moyenne de tous et du budget réel.",
    mine: "Cette réponse",
    all: "Tous",
    real: "Budget réel",
    participants: "Participants : {}",
    caution: "Participe qui veut ; ce n’est pas un sondage.",
    more: "et {} de plus",
    comma: ", ",
};

const GERMAN: Texts = Texts {
    name: "Tax Budget Allocator",
    description: "Sagen Sie, wie Sie den Haushalt verteilen würden, und sehen Sie live, wie sich die Mittelwerte aller bewegen.",
    everyone: "Die Antwort aller",
    history: "Meine Antworten",
    result: "Eine Antwort",
    unknown: "Nicht gefunden",
    gives_most: "Am meisten für: {}.",
    picture: "Diagramm: der Mittelwert aller für jeden Posten von „{}“ neben dem tatsächlichen Haushalt.",
    picture_of_one: "Diagramm: eine Antwort auf „{}“ neben dem Mittelwert aller und dem tatsächlichen Haushalt.",
    mine: "Diese Antwort",
    all: "Alle",
    real: "Tatsächlicher Haushalt",
    participants: "Teilnehmende: {}",
    caution: "Teilnehmen kann, wer möchte; dies ist keine Umfrage.",
    more: "und {} weitere",
    comma: ", ",
};

const ARABIC: Texts = Texts {
    name: "Tax Budget Allocator",
    description: "قل كيف تنفق الميزانية وشاهد متوسطات الجميع تتحرك مباشرة.",
    everyone: "إجابة الجميع",
    history: "إجاباتي",
    result: "إجابة واحدة",
    unknown: "غير موجود",
    gives_most: "تعطي أكثر ما تعطي: {}.",
    picture: "رسم بياني: متوسط الجميع لكل بند من «{}» إلى جانب الميزانية الفعلية.",
    picture_of_one: "رسم بياني: إجابة عن «{}» إلى جانب متوسط الجميع والميزانية الفعلية.",
    mine: "هذه الإجابة",
    all: "الجميع",
    real: "الميزانية الفعلية",
    participants: "المشاركون: {}",
    caution: "شارك من أراد؛ هذا ليس استطلاعا للرأي.\u{200f}",
    more: "و{} أخرى",
    comma: "، ",
};
