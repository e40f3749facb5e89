"""The whole record of an article's newest version, put together by SQLite from the tables that hold it.

The counterpart of ``archive/latest.py``, which takes a record apart into these tables. It uses only what
SQLite itself has (3.40 or newer), so that the view ``versions`` can be read by any program.
"""

from __future__ import annotations

from typing import Any

SAME = (
    *("url", "title", "subtitle", "published", "published_printed", "updated", "dateline", "lang", "kind"),
    *("country", "region", "node_id", "design", "reader_version", "confidence"),
)
"""Fields of the record that are columns of ``articles`` of the same name."""

_OTHERS = {
    "themes": """
        SELECT json_group_array(theme) FROM (
            SELECT theme FROM themes WHERE article_id = articles.id ORDER BY position
        )""",
    "paragraphs": "articles.paragraphs",
    "blocks": """
        SELECT json_group_array(json_object('text', value, 'role',
            coalesce(json_extract(articles.roles, '$."' || key || '"'), 'paragraph')
        )) FROM json_each(articles.paragraphs)""",
    "contacts": """
        SELECT json_group_array(json(contact)) FROM (
            SELECT json_object(
                'name', name, 'role', role, 'office', office,
                'phones', json((SELECT json_group_array(json(phone)) FROM (
                    SELECT json_object(
                        'printed', printed, 'e164', e164, 'kind', kind, 'extension', extension,
                        'valid', json(iif(valid, 'true', 'false'))
                    ) AS phone FROM phones WHERE contact_id = contacts.id ORDER BY phones.id
                ))),
                'emails', json((SELECT json_group_array(email) FROM (
                    SELECT email FROM emails WHERE contact_id = contacts.id ORDER BY emails.id
                ))),
                'other', json(other), 'position', position
            ) AS contact FROM contacts WHERE article_id = articles.id ORDER BY position, contacts.id
        )""",
    "images": """
        SELECT json_group_array(json(image)) FROM (
            SELECT json_object('url', url, 'caption', caption, 'credit', credit) AS image
            FROM images WHERE article_id = articles.id ORDER BY position
        )""",
    "links": """
        SELECT json_group_array(json(link)) FROM (
            SELECT json_object('url', url, 'text', text) AS link
            FROM links WHERE article_id = articles.id AND kind = 'link' ORDER BY position
        )""",
    "documents": """
        SELECT json_group_array(json(link)) FROM (
            SELECT json_object('url', url, 'text', text) AS link
            FROM links WHERE article_id = articles.id AND kind = 'document' ORDER BY position
        )""",
    "repairs": """
        SELECT json_group_array(json(repair)) FROM (
            SELECT json_object('kind', kind, 'before', before, 'after', after, 'where', part) AS repair
            FROM repairs WHERE article_id = articles.id ORDER BY position
        )""",
    "translations": """
        SELECT json_group_object(lang, url) FROM (
            SELECT lang, url FROM translations WHERE article_id = articles.id ORDER BY lang
        )""",
    "warnings": "articles.warnings",
}

FIELDS = frozenset({*SAME, *_OTHERS})
"""All fields that RECORD gives."""

RECORD = "json_object({})".format(
    ", ".join(
        [
            *(f"'{name}', articles.{name}" for name in SAME),
            # json(): what comes out of a subquery is plain text to SQLite otherwise.
            *(f"'{name}', json(({expression}))" for name, expression in _OTHERS.items()),
        ]
    )
)
"""For queries that read from ``articles``: the record as JSON text, under the names of ``Article.to_dict()``."""

TEXT = """(
        SELECT coalesce(group_concat(json_extract(value, '$.text'), char(10, 10)), '')
        FROM json_each(record, '$.blocks')
    )"""
WHOLE_RECORD = """json_set(record, '$.paragraphs', json((
        SELECT json_group_array(json_extract(value, '$.text')) FROM json_each(record, '$.blocks')
    )))"""
"""For rows that have a ``record`` without paragraphs, as earlier versions have: the body, the whole record."""


def is_rebuilt_exactly(record: dict[str, Any], text: str) -> bool:
    """Whether RECORD will give this very record back; ``text`` is its body.

    True for whatever a reader of pages makes; a paragraph that itself holds an empty line, say, is why not.
    """
    positions = [contact["position"] for contact in record["contacts"]]
    return (
        record.keys() == FIELDS
        and (text.split("\n\n") if text else []) == record["paragraphs"]
        and len(record["blocks"]) == len(record["paragraphs"])
        and "\uffff" not in text
        and positions == sorted(positions)
        and float(f"{record['confidence']:.15g}") == record["confidence"]  # as SQLite prints it
    )
