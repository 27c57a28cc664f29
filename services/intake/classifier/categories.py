"""The category tree that the platform ships: 15 first-level categories, each with second-level topics."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Topic:
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Category:
    """A first-level category. `code` is stable; `zh` is the name that events and files carry."""

    code: str
    zh: str
    en: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class CategoryTree:
    version: str
    effective_from: date
    categories: tuple[Category, ...]

    @property
    def by_code(self) -> Mapping[str, Category]:
        return {category.code: category for category in self.categories}

    @property
    def by_name(self) -> Mapping[str, Category]:
        return {category.zh: category for category in self.categories}


@cache
def category_tree() -> CategoryTree:
    """The shipped tree."""
    raw = json.loads((DATA / "categories.json").read_text(encoding="utf-8"))
    return CategoryTree(
        version=raw["version"],
        effective_from=date.fromisoformat(raw["effective_from"]),
        categories=tuple(
            Category(c["code"], c["zh"], c["en"], tuple(Topic(t["code"], t["zh"], t["en"]) for t in c["topics"]))
            for c in raw["categories"]
        ),
    )
