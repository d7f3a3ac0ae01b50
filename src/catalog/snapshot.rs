//! Everything that answers need, in memory.

use std::{ops::Range, sync::Arc};

use super::{taxonomy::Taxonomy, vectors::VectorSearch};
use crate::domain::{flower::Flower, fragrance::Fragrance, ids::FragranceId, notes::Layer};

pub struct Snapshot {}

impl Snapshot {
    pub fn taxonomy(&self) -> &Taxonomy {
        todo!()
    }
    pub fn fragrances(&self) -> &[Arc<Fragrance>] {
        todo!()
    }
    pub fn index_of(&self, _id: &FragranceId) -> Option<usize> {
        todo!()
    }
    pub fn get(&self, _id: &FragranceId) -> Option<&Arc<Fragrance>> {
        todo!()
    }
    pub fn vector(&self, _index: usize) -> &[f32] {
        todo!()
    }
    pub fn vectors(&self) -> &dyn VectorSearch {
        todo!()
    }
    pub fn bm25(&self, _text: &str) -> Vec<f32> {
        todo!()
    }
    pub fn rarity(&self, _note: &str) -> f64 {
        todo!()
    }
    pub fn typical_layer(&self, _note: &str) -> Layer {
        todo!()
    }
    pub fn brand(&self, _name: &str) -> Option<&str> {
        todo!()
    }
    pub fn brand_mentions(&self, _text: &str) -> Vec<(String, Range<usize>)> {
        todo!()
    }
    pub fn fragrance_mentions(&self, _text: &str) -> Vec<(Vec<usize>, Range<usize>)> {
        todo!()
    }
    pub fn is_same_line(&self, _a: usize, _b: usize) -> bool {
        todo!()
    }
    pub fn flower(&self, _fragrance: &Fragrance) -> Flower {
        todo!()
    }
}
