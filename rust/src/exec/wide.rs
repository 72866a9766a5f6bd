//! Loops over words of bits, compiled twice: for any processor, and for those that count bits
//! themselves.  Which one runs is found out when it runs.

/// Make a function of a body that is compiled for both; the body's own name says it is plain.
macro_rules! twice {
    ($(#[$doc:meta])* $name:ident = $plain:ident($($arg:ident: $type:ty),*) -> $result:ty) => {
        $(#[$doc])*
        #[inline]
        pub fn $name($($arg: $type),*) -> $result {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "popcnt,bmi1,bmi2,avx2")]
                unsafe fn wide($($arg: $type),*) -> $result {
                    $plain($($arg),*)
                }
                if is_wide() {
                    // SAFETY: the processor was asked for these features.
                    return unsafe { wide($($arg),*) };
                }
            }
            $plain($($arg),*)
        }
    };
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn is_wide() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
}

twice! {
    /// How many bits are set.
    count = plain_count(words: &[u64]) -> u64
}

twice! {
    /// How many bits are set, and in how many runs any is; `ends` are the last bits of runs.
    counts = plain_counts(words: &[u64], ends: &[u64]) -> (u64, u64)
}

#[inline(always)]
fn plain_count(words: &[u64]) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).sum()
}

/// Adding 1 to the bits before an end carries into the end where any of them is set.
#[inline(always)]
fn plain_counts(words: &[u64], ends: &[u64]) -> (u64, u64) {
    let (mut bits, mut runs, mut carry) = (0, 0, false);
    for (&held, &end) in words.iter().zip(ends) {
        let (sum, first) = (held & !end).overflowing_add(!end);
        let (sum, second) = sum.overflowing_add(u64::from(carry));
        bits += u64::from(held.count_ones());
        runs += u64::from(((sum | held) & end).count_ones());
        carry = first || second;
    }
    (bits, runs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_count_the_same(
            words in prop::collection::vec(any::<(u64, u64, u64)>(), 0..70),
        ) {
            let held: Vec<u64> = words.iter().map(|word| word.0 & word.1).collect();
            let ends: Vec<u64> = words.iter().map(|word| word.2).collect();
            prop_assert_eq!(count(&held), plain_count(&held));
            prop_assert_eq!(counts(&held, &ends), plain_counts(&held, &ends));
        }
    }
}
