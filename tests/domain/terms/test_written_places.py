"""Places as readers write them."""

from __future__ import annotations

import pytest

from cop.core.types import Lang
from cop.people.viewer import SYSTEM
from cop.terms.draft import TermDraft
from cop.terms.operations import put_term
from cop.terms.places import written


def place(make, key: str, zh: str, en: str, broader: str = "") -> int:
    make.term("invented-place", scheme="place") if key == "province" else None
    draft = TermDraft(
        key=key,
        scheme="place",
        name={"zh-Hans": zh, "en": en},
        definition={"zh-Hans": "虚构", "en": "invented"},
        broader=(broader,) if broader else (),
    )
    return put_term(by=SYSTEM, draft=draft).id


@pytest.fixture
def district(make) -> int:
    place(make, "province", "浙江省", "Zhejiang")
    place(make, "city", "浙江省宁波市", "Ningbo, Zhejiang", "province")
    return place(make, "district", "宁波市海曙区", "Haishu District, Ningbo", "city")


def test_a_chinese_place_names_each_level_once(district: int) -> None:
    assert written(district, Lang.ZH) == "浙江省宁波市海曙区"


def test_an_english_place_names_each_level_once(district: int) -> None:
    assert written(district, Lang.EN) == "Haishu District, Ningbo, Zhejiang"
