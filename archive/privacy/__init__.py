"""People left out: what ``--without-contacts`` takes from a record, and what it leaves.

Gone: the contacts with all that belongs to them; the repairs (they quote addresses); links that reach
a person (``mailto:``, ``tel:`` …); the contact block where a piece of it was left in the body, paragraph
by paragraph from the end; every e-mail address; every telephone number that is not for everybody.

Kept, because they are the news: people quoted in the text, and who took a photograph; and numbers that
the text offers to the public, such as a hotline (see :mod:`archive.privacy.numbers`).

    words     what contact lines, telephone labels and hotlines are called, by language
    named     who the contacts of an article are, over all its versions
    numbers   addresses and telephone numbers in a text
    closing   the end of a body: contact block or news
    record    a whole record
"""

from archive.privacy.named import Named, named_in
from archive.privacy.numbers import masked
from archive.privacy.record import without_contacts

__all__ = ["Named", "masked", "named_in", "without_contacts"]
