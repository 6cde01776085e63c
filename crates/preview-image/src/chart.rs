//! The chart as SVG text: one row for each category, three marks on one scale.

/// What is drawn. Shares are in basis points.
#[derive(Debug, Clone)]
pub struct Chart {
    pub words: Words,
    pub title: String,
    pub participants: i64,
    pub rows: Vec<Row>,
    /// True if one submission is compared with everyone's average.
    pub has_mine: bool,
}

/// The words and the number format of one language. `{}` stands for a number.
#[derive(Debug, Clone)]
pub struct Words {
    pub is_rtl: bool,
    pub decimal_mark: char,
    /// With the space before it, where the language writes one.
    pub percent_sign: &'static str,
    /// The legend.
    pub mine: &'static str,
    pub everyone: &'static str,
    pub real: &'static str,
    /// The foot.
    pub participants: &'static str,
    pub caution: &'static str,
    pub program: &'static str,
    /// Stands for the categories that the chart has no room for.
    pub more: &'static str,
}

/// One category.
#[derive(Debug, Clone)]
pub struct Row {
    pub label: String,
    pub everyone: u32,
    pub mine: Option<u32>,
    pub real: Option<u32>,
}

pub const WIDTH: u32 = 1200;
pub const HEIGHT: u32 = 630;

const PAPER: &str = "#f8f3e8";
const INK: &str = "#221d16";
const FAINT: &str = "#6b6150";
const ACCENT: &str = "#9a2f1c";
const EVERYONE: &str = "#948567";
const RULE: &str = "#d5c9b3";

const LEFT: i32 = 56;
const RIGHT: i32 = 1144;
/// The scale: from 0 to its largest share.
const SCALE: (i32, i32) = (336, 848);
/// Right edges of the columns of figures.
const MINE_AT: i32 = 946;
const EVERYONE_AT: i32 = 1046;
const FIGURE_WIDTH: i32 = 60;
const FIRST_ROW: i32 = 188;
const ROWS_HEIGHT: i32 = 376;
const MOST_ROWS: usize = 14;

#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

struct Text<'a> {
    content: &'a str,
    size: i32,
    color: &'a str,
    weight: i32,
    anchor: Anchor,
}

const FONTS: &str = "Ledger Serif, Noto Naskh Arabic";

/// The SVG so far. A right-to-left chart is mirrored, except for its letters.
struct Canvas {
    svg: String,
    is_rtl: bool,
}

/// An image of this letter alone, in the fonts of a chart.
pub fn letter(letter: char) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"99\" height=\"99\" font-family=\"{FONTS}\">\
         <text x=\"9\" y=\"50\">{letter}</text></svg>"
    )
}

impl Chart {
    /// The chart as an SVG document.
    pub fn svg(&self) -> String {
        let mut canvas = Canvas { svg: String::new(), is_rtl: self.words.is_rtl };
        canvas.svg.push_str(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
             font-family=\"{FONTS}\"><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{PAPER}\"/>"
        ));
        self.draw_head(&mut canvas);
        let shown = if self.rows.len() > MOST_ROWS { MOST_ROWS - 1 } else { self.rows.len() };
        let lines = i32::try_from(self.rows.len().clamp(1, MOST_ROWS)).unwrap_or(1);
        let step = (ROWS_HEIGHT / lines).min(48);
        let most = self.scale();
        self.draw_scale(&mut canvas, most, step * lines);
        for (y, row) in (FIRST_ROW..).step_by(usize::try_from(step).unwrap_or(1)).zip(self.rows.iter().take(shown)) {
            self.draw_row(&mut canvas, row, y, step, most);
        }
        if shown < self.rows.len() {
            let more = self.words.more.replace("{}", &(self.rows.len() - shown).to_string());
            let y = FIRST_ROW + step * lines - step / 2 + 6;
            canvas.text(LEFT, y, &Text { size: 18, color: FAINT, ..plain(&more) });
        }
        self.draw_foot(&mut canvas);
        canvas.svg.push_str("</svg>");
        canvas.svg
    }

    fn draw_head(&self, canvas: &mut Canvas) {
        canvas.line((LEFT, 40), (RIGHT, 40), INK, 3);
        canvas.line((LEFT, 46), (RIGHT, 46), INK, 1);
        let (title, size) = fitted(&self.title, RIGHT - LEFT, &[44, 36, 29]);
        canvas.text(LEFT, 100, &Text { size, weight: 600, ..plain(&title) });
        // The legend, above what it explains; each with a word beside its mark, so that colour alone says nothing.
        let (y, mut x) = (147, LEFT);
        if self.has_mine {
            canvas.ring(x + 9, y - 6);
            x = canvas.legend(x + 26, y, self.words.mine);
        }
        canvas.rect(x, y - 12, 26, 12, EVERYONE);
        x = canvas.legend(x + 34, y, self.words.everyone);
        canvas.rect(x, y - 17, 4, 22, INK);
        canvas.legend(x + 13, y, self.words.real);
        if self.has_mine {
            canvas.ring(MINE_AT - 9, y + 14);
        }
        canvas.rect(EVERYONE_AT - 26, y + 8, 26, 12, EVERYONE);
        canvas.rect(RIGHT - 14, y + 3, 4, 22, INK);
    }

    fn draw_scale(&self, canvas: &mut Canvas, most: u32, height: i32) {
        // Whole per cents for every end of the scale.
        let step = if most <= 2_000 { 500 } else { most / 4 };
        for share in (0..=most).step_by(usize::try_from(step).unwrap_or(500)) {
            let x = at(share, most);
            canvas.line((x, FIRST_ROW), (x, FIRST_ROW + height), RULE, 1);
            let text = format!("{}{}", share / 100, self.words.percent_sign);
            canvas.text(x, FIRST_ROW - 8, &Text { size: 14, color: FAINT, anchor: Anchor::Middle, ..plain(&text) });
        }
    }

    fn draw_row(&self, canvas: &mut Canvas, row: &Row, y: i32, step: i32, most: u32) {
        let (middle, thickness) = (y + step / 2, (step / 2).min(18));
        canvas.line((LEFT, y), (RIGHT, y), RULE, 1);
        let (label, size) = fitted(&row.label, SCALE.0 - LEFT - 20, &[21, 18, 16]);
        let base = middle + 7;
        canvas.text(LEFT, base, &Text { size, ..plain(&label) });
        canvas.rect(SCALE.0, middle - thickness / 2, at(row.everyone, most) - SCALE.0, thickness, EVERYONE);
        let figure = |canvas: &mut Canvas, x: i32, share: u32, color: &str, weight: i32| {
            let text = format!("{}{}{:02}", share / 100, self.words.decimal_mark, share % 100);
            // Figures stand under each other from the right in every language.
            let (x, anchor) = if canvas.is_rtl { (x - FIGURE_WIDTH, Anchor::Start) } else { (x, Anchor::End) };
            canvas.text(x, base, &Text { size: 21, color, weight, anchor, ..plain(&text) });
        };
        figure(canvas, EVERYONE_AT, row.everyone, INK, 400);
        if let Some(real) = row.real {
            canvas.rect(at(real, most) - 2, middle - thickness / 2 - 4, 4, thickness + 8, INK);
            figure(canvas, RIGHT, real, FAINT, 400);
        }
        if let Some(mine) = row.mine {
            canvas.ring(at(mine, most), middle);
            figure(canvas, MINE_AT, mine, ACCENT, 600);
        }
    }

    fn draw_foot(&self, canvas: &mut Canvas) {
        canvas.line((LEFT, 578), (RIGHT, 578), INK, 1);
        let participants = self.words.participants.replace("{}", &self.participants.to_string());
        let note = format!("{participants} · {}", self.words.caution);
        canvas.text(LEFT, 606, &Text { size: 18, color: FAINT, ..plain(&note) });
        let name = Text { size: 18, weight: 600, color: ACCENT, anchor: Anchor::End, ..plain(self.words.program) };
        canvas.text(RIGHT, 606, &name);
    }

    /// The end of the scale: a round share that holds every mark.
    fn scale(&self) -> u32 {
        let shares = self.rows.iter().flat_map(|row| [Some(row.everyone), row.mine, row.real]).flatten();
        let largest = shares.max().unwrap_or(0);
        [1_000, 2_000, 4_000, 6_000, 8_000].into_iter().find(|most| largest <= *most).unwrap_or(10_000)
    }
}

impl Canvas {
    fn x(&self, x: i32) -> i32 {
        if self.is_rtl { 1200 - x } else { x }
    }

    fn text(&mut self, x: i32, y: i32, text: &Text) {
        let anchor = match (text.anchor, self.is_rtl) {
            (Anchor::Start, false) | (Anchor::End, true) => "start",
            (Anchor::End, false) | (Anchor::Start, true) => "end",
            (Anchor::Middle, _) => "middle",
        };
        self.svg.push_str(&format!(
            "<text x=\"{}\" y=\"{y}\" font-size=\"{}\" font-weight=\"{}\" fill=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            self.x(x),
            text.size,
            text.weight,
            text.color,
            escape(text.content)
        ));
    }

    fn rect(&mut self, x: i32, y: i32, width: i32, height: i32, color: &str) {
        // The renderer logs a warning for each rectangle without a width.
        if width <= 0 {
            return;
        }
        let x = if self.is_rtl { self.x(x) - width } else { x };
        self.svg
            .push_str(&format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{color}\"/>"));
    }

    fn line(&mut self, from: (i32, i32), to: (i32, i32), color: &str, width: i32) {
        self.svg.push_str(&format!(
            "<path d=\"M{} {}L{} {}\" stroke=\"{color}\" stroke-width=\"{width}\"/>",
            self.x(from.0),
            from.1,
            self.x(to.0),
            to.1
        ));
    }

    fn ring(&mut self, x: i32, y: i32) {
        let x = self.x(x);
        self.svg.push_str(&format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"8\" fill=\"{PAPER}\" stroke=\"{ACCENT}\" stroke-width=\"4\"/>"
        ));
    }

    /// A word of the legend; where the next one may begin.
    fn legend(&mut self, x: i32, y: i32, text: &str) -> i32 {
        self.text(x, y, &Text { size: 18, ..plain(text) });
        x + width(text, 18) + 28
    }
}

fn plain(text: &str) -> Text<'_> {
    Text { content: text, size: 16, color: INK, weight: 400, anchor: Anchor::Start }
}

/// Text as it stands in an XML element. Control characters and the two that XML cannot write are left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

fn at(share: u32, most: u32) -> i32 {
    let length = u32::try_from(SCALE.1 - SCALE.0).unwrap_or(0);
    SCALE.0 + i32::try_from(share.min(most) * length / most.max(1)).unwrap_or(0)
}

/// About as wide as the font draws it, and rather too much.
fn width(text: &str, size: i32) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 1000).saturating_mul(size).saturating_mul(53) / 100
}

/// The text in the largest of these sizes that it fits in, else cut.
fn fitted(text: &str, room: i32, sizes: &[i32]) -> (String, i32) {
    if let Some(size) = sizes.iter().find(|size| width(text, **size) <= room) {
        return (text.to_owned(), *size);
    }
    let size = sizes.last().copied().unwrap_or(16);
    let count = text.chars().take_while({
        let mut so_far = String::new();
        move |character| {
            so_far.push(*character);
            width(&so_far, size) + size <= room
        }
    });
    (format!("{}…", count.collect::<String>().trim_end()), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words = Words {
        is_rtl: false,
        decimal_mark: '.',
        percent_sign: "%",
        mine: "This answer",
        everyone: "Everyone",
        real: "Real budget",
        participants: "Participants: {}",
        caution: "This is not a poll.",
        program: "Tax Budget Allocator",
        more: "and {} more",
    };

    fn chart(rows: usize, label: &str) -> Chart {
        let row = Row { label: label.to_owned(), everyone: 1234, mine: Some(10_000), real: None };
        Chart { words: WORDS, title: label.repeat(20), participants: 3, rows: vec![row; rows], has_mine: true }
    }

    #[test]
    fn texts_are_escaped_and_cut_to_their_room() {
        let svg = chart(3, "<b> & \"very long\" labels \u{7}").svg();
        assert!(!svg.contains("<b>") && !svg.contains('\u{7}') && svg.contains("&lt;b&gt; &amp;"), "{svg}");
        assert!(svg.contains('…'));
    }

    #[test]
    fn a_share_of_nothing_has_no_bar() {
        let mut chart = chart(1, "x");
        let bars = |chart: &Chart| chart.svg().matches("<rect").count();
        let with_bar = bars(&chart);
        chart.rows[0].everyone = 0;
        assert_eq!(bars(&chart), with_bar - 1);
    }

    #[test]
    fn any_number_of_rows_stays_within_the_picture() {
        for rows in [0, 1, 10, 14, 15, 400] {
            let svg = chart(rows, "x").svg();
            let deepest =
                svg.split("y=\"").skip(1).filter_map(|part| part.split('"').next()?.parse::<i32>().ok()).max();
            assert!(deepest <= Some(606), "{rows} rows: {deepest:?}");
            assert_eq!(svg.contains(" more<"), rows > MOST_ROWS);
        }
    }

    #[test]
    fn numbers_and_sides_are_those_of_the_language() {
        let english = chart(1, "x").svg();
        assert!(english.contains(">12.34<") && english.contains(">25%<"), "{english}");
        let mut chart = chart(1, "x");
        chart.words = Words { is_rtl: true, decimal_mark: ',', percent_sign: "\u{a0}%", ..WORDS };
        let svg = chart.svg();
        assert!(svg.contains(">12,34<") && svg.contains(">25\u{a0}%<"), "{svg}");
        let label = |svg: &str| svg.split("<text ").find(|text| text.contains(">x<")).map(str::to_owned);
        assert!(label(&english).is_some_and(|text| text.contains("x=\"56\"") && text.contains("\"start\"")));
        assert!(label(&svg).is_some_and(|text| text.contains("x=\"1144\"") && text.contains("\"end\"")), "mirrored");
    }

    #[test]
    fn marks_stand_on_one_scale() {
        assert_eq!((at(0, 4_000), at(4_000, 4_000)), SCALE);
        assert_eq!(at(2_000, 4_000), SCALE.0.midpoint(SCALE.1));
        assert_eq!(chart(1, "x").scale(), 10_000);
    }
}
