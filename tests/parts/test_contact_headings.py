"""What opens a contact block, in the wordings of nine languages; and what does not."""

from __future__ import annotations

import pytest

from iomscrape.parts.contact_words import heading_at

HEADINGS = """
Media Contact
Press contacts:
For interviews, contact
To learn more, contact:
Interview requests:
Journalists may contact:
Media contacts Zofia Perlin, IOM Poland, Tel: +48 600 555 918
Contacts presse :
Personnes à contacter
Pour en savoir plus, contactez
Contact presse Awa Sarr, OIM Dakar
Contactos de prensa:
Para mayores informes
Contactos para la prensa Marcelo Intriago, OIM Quito
Contatos de imprensa
Mais informações:
Contatti stampa
Per informazioni
Ufficio stampa OIM:
Pressekontakt
Rückfragen bitte an:
Контакты для СМИ
Дополнительная информация:
Пресс-служба
Контакти для ЗМІ
Прес-служба:
جهات الاتصال الإعلامية
جهة الاتصال:
للاتصال
لطلبات المقابلات الصحفية:
للمزيد من المعلومات، يرجى الاتصال
"""
PROSE = """
Media contacts between the two towns have grown.
Interview requests were turned down for a week.
To know more would have taken years.
Journalists saw the camp on Friday.
Personnes déplacées à Goma
Rückfragen gab es keine.
Mais informações chegaram tarde
Пресс-служба сообщила о прибытии
"""


@pytest.mark.parametrize("line", HEADINGS.strip().split("\n"))
def test_a_heading_in_any_wording(line: str) -> None:
    assert heading_at(line)


@pytest.mark.parametrize("line", PROSE.strip().split("\n"))
def test_a_sentence_with_the_same_words(line: str) -> None:
    assert not heading_at(line)
