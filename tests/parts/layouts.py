"""Contact blocks by layout and language, as data: what people write, and how pages lay it out.

Invented persons; fictional numbers (555). ``LAYOUTS`` turns three persons and a heading into markup.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

PHONES = ("+254 20 555 1234", "+41 22 555 9365", "+27 83 555 0173")
EMAILS = ("first@iom.int", "second@iom.int", "third@iom.int")


@dataclass(frozen=True)
class Language:
    """One language: its prose, headings, persons (name, role, office), labels and joiner."""

    code: str
    prose: str
    headings: tuple[str, ...]
    people: tuple[tuple[str, str, str], ...]
    tel: str
    mail: str
    joiner: str
    comma: str = ","


LANGUAGES = (
    Language(
        "en",
        "The new reception centre opened its doors on Tuesday and has already served more than four hundred people.",
        (
            "For more information, please contact:",
            "Media contact",
            "For further information please contact",
            "Press contacts:",
            "For media queries, contact:",
            "Contacts",
            "For interviews and media requests:",
            "Media Contacts:",
            "For additional information, please reach out to:",
            "For more information on IOM's work in Kenya, contact:",
            "If you need more information, please get in touch with:",
            "To arrange an interview, please contact:",
            "Contact persons:",
        ),
        (
            ("Mary-Ann Odhiambo", "Communications Officer", "IOM Kenya"),
            ("Peter van Houten", "Head of Public Information", "IOM Geneva"),
            ("Grace Moyo", "Spokesperson", "IOM Headquarters"),
        ),
        "Tel: ",
        "Email: ",
        "or",
    ),
    Language(
        "es",
        "El nuevo centro de recepción abrió sus puertas el martes y ya ha atendido a más de cuatrocientas personas.",
        (
            "Para más información, contactar a:",
            "Contacto de prensa:",
            "Para mayor información comunicarse con:",
            "Contactos",
            "Para más información, por favor, póngase en contacto con:",
            "Si desea más información, contacte con:",
        ),
        (
            ("Lucía Herrera Paz", "Oficial de Comunicaciones", "OIM Honduras"),
            ("Julio Gallardo", "Portavoz regional", "OIM San José"),
            ("Ana María de la Torre", "Coordinadora de Comunicación", "OIM Colombia"),
        ),
        "Tel.: ",
        "Correo: ",
        "o",
    ),
    Language(
        "fr",
        "Le nouveau centre d'accueil a ouvert ses portes mardi et a déjà servi plus de quatre cents personnes.",
        (
            "Pour plus d'informations, veuillez contacter :",
            "Contacts presse :",
            "Pour de plus amples renseignements, s'adresser à :",
            "Contact médias",
            "Pour toute information complémentaire, merci de contacter :",
        ),
        (
            ("Awa Diop-Ndiaye", "Chargée de communication", "OIM Sénégal"),
            ("Jean-Luc Mbarga", "Porte-parole", "OIM Genève"),
            ("Élise Kaboré", "Responsable de la communication", "OIM Burkina Faso"),
        ),
        "Tél. : ",
        "Courriel : ",
        "ou",
    ),
    Language(
        "pt",
        "O novo centro de acolhimento abriu as portas na terça-feira e já atendeu mais de quatrocentas pessoas.",
        (
            "Para mais informações, contacte:",
            "Contato para imprensa:",
            "Para mais informações, por favor entre em contato com:",
        ),
        (
            ("Inês Carvalho", "Assessora de Imprensa", "OIM Portugal"),
            ("João dos Santos", "Oficial de Comunicação", "OIM Moçambique"),
            ("Rita Lopes", "Coordenadora de projeto", "OIM Brasil"),
        ),
        "Tel: ",
        "E-mail: ",
        "ou",
    ),
    Language(
        "it",
        "Il nuovo centro di accoglienza ha aperto le porte martedì e ha già assistito più di quattrocento persone.",
        ("Per maggiori informazioni, contattare:", "Contatti stampa:", "Per ulteriori informazioni:"),
        (
            ("Flavio Neri", "Portavoce", "OIM Italia"),
            ("Giulia De Santis", "Addetta stampa", "OIM Roma"),
            ("Marta Conti", "Responsabile Comunicazione", "OIM Ginevra"),
        ),
        "Tel. ",
        "Email: ",
        "oppure",
    ),
    Language(
        "de",
        "Das neue Aufnahmezentrum hat am Dienstag seine Türen geöffnet und bereits mehr als vierhundert Menschen betreut.",
        (
            "Für weitere Informationen wenden Sie sich bitte an:",
            "Pressekontakt:",
            "Bei Rückfragen:",
            "Medienkontakt",
        ),
        (
            ("Sabine Lehmann", "Pressereferentin", "IOM Deutschland"),
            ("Jörg von Arnim", "Sprecher", "IOM Österreich"),
            ("Katja Weiß", "Leiterin Kommunikation", "IOM Berlin"),
        ),
        "Tel.: ",
        "E-Mail: ",
        "oder",
    ),
    Language(
        "ru",
        "Новый центр приёма открылся во вторник и уже принял более четырёхсот человек, приехавших на автобусе.",
        (
            "За дополнительной информацией обращайтесь:",
            "Контакты для СМИ:",
            "Для получения дополнительной информации:",
        ),
        (
            ("Анна Петрова", "пресс-секретарь", "МОМ Кыргызстан"),
            ("Ильяс Омаров", "координатор по коммуникациям", "МОМ Казахстан"),
            ("Мария Ким", "специалист по связям с общественностью", "МОМ Узбекистан"),
        ),
        "Тел.: ",
        "Эл. почта: ",
        "или",
    ),
    Language(
        "uk",
        "Новий центр прийому відкрився у вівторок і вже прийняв понад чотириста людей, які приїхали автобусом.",
        (
            "За додатковою інформацією звертайтеся:",
            "Контакти для медіа:",
            "Для отримання додаткової інформації:",
        ),
        (
            ("Олена Коваль", "Прессекретарка", "МОМ Україна"),
            ("Тарас Бондаренко", "Фахівець з комунікацій", "МОМ Львів"),
            ("Ірина Шевчук", "Координаторка", "МОМ Дніпро"),
        ),
        "Тел.: ",
        "Ел. пошта: ",
        "або",
    ),
    Language(
        "ar",
        "افتتح مركز الاستقبال الجديد أبوابه يوم الثلاثاء واستقبل بالفعل أكثر من أربعمئة شخص وصلوا بالحافلة من الحدود.",
        (
            "لمزيد من المعلومات يرجى الاتصال بـ:",
            "للتواصل الإعلامي:",
            "للمزيد من المعلومات، الرجاء التواصل مع:",
            "جهات الاتصال:",
        ),
        (
            ("ليلى حسين", "مسؤولة الاتصال", "المنظمة الدولية للهجرة في الأردن"),
            ("كريم عبد الله", "المتحدث الرسمي", "المنظمة الدولية للهجرة في ليبيا"),
            ("نور الحسن", "منسقة الإعلام", "المنظمة الدولية للهجرة في لبنان"),
        ),
        "هاتف: ",
        "البريد الإلكتروني: ",
        "أو",
        "،",
    ),
)


@dataclass(frozen=True)
class Card:
    """One person with what the layouts need, ready to print."""

    name: str
    role: str
    office: str
    phone: str
    email: str
    tel: str
    mail: str
    comma: str

    @property
    def link(self) -> str:
        """The address as a sound mail link."""
        return f'<a href="mailto:{self.email}">{self.email}</a>'

    @property
    def fields(self) -> tuple[str, ...]:
        """Name, role, office, labelled phone, labelled address."""
        return (self.name, self.role, self.office, self.tel + self.phone, self.mail + self.link)

    @property
    def row(self) -> str:
        """All fields on one line, in the language's commas."""
        return f"{self.comma} ".join(self.fields)


def cards(language: Language) -> list[Card]:
    """The three persons of a language."""
    return [
        Card(name, role, office, phone, email, language.tel, language.mail, language.comma)
        for (name, role, office), phone, email in zip(language.people, PHONES, EMAILS, strict=True)
    ]


Layout = Callable[[str, list[Card], str], str]

LAYOUTS: dict[str, Layout] = {
    "lines, a paragraph each": lambda h, p, o: (
        f"<p>{h}</p>" + "".join(f"<p>{'<br>'.join(c.fields)}</p>" for c in p)
    ),
    "lines, empty lines between": lambda h, p, o: (
        f"<p>{h}<br>{'<br><br>'.join('<br>'.join(c.fields) for c in p)}</p>"
    ),
    "lines, joined by or": lambda h, p, o: (
        f"<p>{h}<br>{f'<br>{o}<br>'.join('<br>'.join(c.fields) for c in p)}</p>"
    ),
    "one line each": lambda h, p, o: f"<p>{h}</p><p>{'<br>'.join(c.row for c in p)}</p>",
    "one paragraph each": lambda h, p, o: f"<p><b>{h}</b></p>" + "".join(f"<p>{c.row}</p>" for c in p),
    "without labels": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(f"<p>{c.comma.join((c.name, c.role, c.office, c.phone, c.link))}</p>" for c in p)
    ),
    "bars": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(f"<p>{' | '.join((c.name, c.role, c.office, c.phone, c.link))}</p>" for c in p)
    ),
    "each field a paragraph": lambda h, p, o: (
        f"<p>{h}</p>" + "".join(f"<p>{f}</p>" for c in p for f in c.fields)
    ),
    "dashes": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(f"<p>{' – '.join(c.fields[:3])}<br>{c.fields[3]} – {c.fields[4]}</p>" for c in p)
    ),
    "role first": lambda h, p, o: (
        f"<p>{h}</p>" + "".join(f"<p>{'<br>'.join((c.role, c.name, *c.fields[2:]))}</p>" for c in p)
    ),
    "office first": lambda h, p, o: (
        f"<p>{h}</p>" + "".join(f"<p>{'<br>'.join((c.office, c.name, c.role, *c.fields[3:]))}</p>" for c in p)
    ),
    "list": lambda h, p, o: f"<p>{h}</p><ul>{''.join(f'<li>{c.row}</li>' for c in p)}</ul>",
    "list of lines under a heading": lambda h, p, o: (
        f"<h3>{h}</h3><ul>"
        + "".join(
            f"<li><strong>{c.name}</strong><br>{c.role}{c.comma} {c.office}<br>{c.fields[3]}<br>{c.fields[4]}</li>"
            for c in p
        )
        + "</ul>"
    ),
    "address before number": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(f"<p>{c.comma.join((*c.fields[:3], c.fields[4], c.fields[3]))}</p>" for c in p)
    ),
    "name is the link": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(
            f'<p><a href="mailto:{c.email}">{c.name}</a>{c.comma} {c.comma.join(c.fields[1:4])}</p>'
            for c in p
        )
    ),
    "number, address, the rest in brackets": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(
            f"<p>{c.name}{c.comma} {c.fields[4]}{c.comma} {c.fields[3]} ({c.role}{c.comma} {c.office})</p>"
            for c in p
        )
    ),
    "slashes": lambda h, p, o: (
        f"<p>{h}</p>" + "".join(f"<p>{' / '.join((*c.fields[:3], c.phone, c.link))}</p>" for c in p)
    ),
    "definitions": lambda h, p, o: (
        f"<p>{h}</p><dl>"
        + "".join(f"<dt>{c.name}</dt>" + "".join(f"<dd>{f}</dd>" for f in c.fields[1:]) for c in p)
        + "</dl>"
    ),
    "angle brackets": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(f"<p>{c.name} &lt;{c.link}&gt;{c.comma} {c.comma.join(c.fields[1:4])}</p>" for c in p)
    ),
    "parentheses": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(
            f"<p>{c.name} ({c.role}{c.comma} {c.office}){c.comma} {c.fields[3]}{c.comma} {c.fields[4]}</p>"
            for c in p
        )
    ),
    "role and office on one line": lambda h, p, o: (
        f"<p>{h}</p>"
        + "".join(
            f"<p>{c.name}<br>{c.role}{c.comma} {c.office}<br>{c.fields[3]}{c.comma} {c.fields[4]}</p>"
            for c in p
        )
    ),
    "table": lambda h, p, o: (
        f"<p>{h}</p><table>"
        + "".join(
            "<tr>" + "".join(f"<td>{f}</td>" for f in (c.name, c.role, c.office, c.phone, c.link)) + "</tr>"
            for c in p
        )
        + "</table>"
    ),
    "divs": lambda h, p, o: (
        f"<div>{h}</div>"
        + "".join(
            f"<div><div>{c.name}</div><div>{c.role}{c.comma} {c.office}</div>"
            f"<div>{c.fields[3]}</div><div>{c.fields[4]}</div></div>"
            for c in p
        )
    ),
    "one sentence, semicolons": lambda h, p, o: f"<p>{h.rstrip(' :')}: {'; '.join(c.row for c in p)}.</p>",
    "one sentence, or": lambda h, p, o: f"<p>{h.rstrip(' :')}: {f' {o} '.join(c.row for c in p)}.</p>",
}
