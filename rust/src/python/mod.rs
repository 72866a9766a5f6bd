//! `searcher._native`: what Python sees.
