//! BM25F as searcher/engines/scoring.py computes it: the same operations in the same order,
//! so the same float64 to the last bit.  Nothing here may be rearranged.

pub const K1: f64 = 1.2;
pub const B: f64 = 0.75;
pub const TITLE_WEIGHT: f64 = 0.5;
pub const SECTION_WEIGHT: f64 = 0.5;
/// What scores of these kinds are multiplied with.
pub const KIND_WEIGHT: f64 = 0.5;
pub const WEIGHED_KINDS: [&str; 2] = ["headline", "heading"];

/// What scoring has to know of all live paragraphs.
#[derive(Clone, Copy, Debug)]
pub struct Totals {
    pub documents: u64,
    pub words: u64,
}

impl Totals {
    pub fn mean_length(&self) -> f64 {
        if self.words == 0 {
            return 1.0;
        }
        self.words as f64 / self.documents as f64
    }

    /// The weight of a word that `df` paragraphs hold.
    pub fn idf(&self, df: u64) -> f64 {
        if self.documents == 0 {
            return 1.0;
        }
        (self.documents as f64 / (df + 1) as f64).ln() + 1.0
    }
}

/// The idf of one leaf, in the text and, for a plain word, in headline and heading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weights {
    pub text: f64,
    pub title: f64,
    pub section: f64,
}

#[inline]
pub fn bm25(weight: f64, tf: f64, length: f64, mean_length: f64) -> f64 {
    weight * tf * (K1 + 1.0) / (tf + K1 * ((1.0 - B) + B * length / mean_length))
}

#[inline]
pub fn saturation(weight: f64, tf: f64) -> f64 {
    weight * tf * (K1 + 1.0) / (tf + K1)
}

/// How fast scores fade with age; see searcher/engines/recency.py.
#[derive(Clone, Copy, Debug)]
pub struct Fading {
    /// Age at which half of what can fade is gone.
    pub days: f64,
    /// The day of age 0, as a proleptic ordinal.
    pub today: i64,
}

const FLOOR: f64 = 0.5;

impl Fading {
    /// What a paragraph of a day (yyyymmdd, 0 undated) keeps of its score, 0.5 to 1.
    pub fn factor(&self, day: u32) -> f64 {
        if day == 0 {
            return FLOOR;
        }
        let age = (self.today - ordinal(day)).max(0);
        // A constant base would let the compiler take exp2, which rounds otherwise than pow.
        let base = std::hint::black_box(2.0_f64);
        FLOOR + (1.0 - FLOOR) * base.powf(-(age as f64 / self.days).min(1100.0))
    }
}

/// The proleptic Gregorian ordinal of a yyyymmdd, 1 for the first day of the year 1.
pub fn ordinal(day: u32) -> i64 {
    let (year, month, day) = (
        i64::from(day / 10_000),
        i64::from(day / 100 % 100),
        i64::from(day % 100),
    );
    const BEFORE: [i64; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let past = year - 1;
    let leap_day = i64::from(month > 2 && is_leap);
    let before = BEFORE[(month as usize).min(12)] + leap_day;
    past * 365 + past / 4 - past / 100 + past / 400 + before + day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_those_of_python() {
        assert_eq!(ordinal(10101), 1);
        assert_eq!(ordinal(20260225), 739672);
        assert_eq!(ordinal(20240301), 738946);
        assert_eq!(ordinal(20000229), 730179);
    }

    #[test]
    fn a_score_fades_by_half_of_a_half() {
        let fading = Fading {
            days: 30.0,
            today: ordinal(20260226),
        };
        assert_eq!(fading.factor(20260226), 1.0);
        assert_eq!(fading.factor(20260127), 0.75);
        assert_eq!(fading.factor(0), 0.5);
        assert_eq!(fading.factor(20270101), 1.0);
    }
}
