"""The XSD that an ERP's people get with generic-xml says what the files are."""

from __future__ import annotations

from importlib.resources import files
from typing import get_args

import pytest
from lxml import etree

from tests.translators.erp.batches import batch, shipped
from translators.erp.profile.model import Kind
from translators.erp.write.batch import render_batch


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    data = files("translators.erp").joinpath("profiles/generic-xml.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(data))


@pytest.mark.parametrize("kind", [name for name in get_args(Kind) if name != "*"])
def test_files_of_every_kind_fit_the_schema(schema: etree.XMLSchema, kind: str) -> None:
    schema.assertValid(etree.fromstring(render_batch(batch(kind), shipped("generic-xml")).data))


def test_the_schema_refuses_what_no_file_of_ours_is(schema: etree.XMLSchema) -> None:
    data = render_batch(batch("scrap"), shipped("generic-xml")).data
    assert not schema.validate(etree.fromstring(data.replace(b"<sign>+</sign>", b"<sign>?</sign>", 1)))
    assert not schema.validate(etree.fromstring(data.replace(b"SCRAP", b"SCRAPPED", 1)))
