"""What contact lines, telephone labels and hotlines are called, in the languages of the sites.

Tables only: a new language is a new line in each. Patterns are matched without regard to case.
"""

from __future__ import annotations

import re


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in alternatives), re.IGNORECASE)


# Beginnings of a sentence that sends the reader to a person, each with words of which it holds at least
# one: looking for those first is forty times as fast.
_CONTACT_PHRASES = (
    # "For more information, please contact …", "Media contact:"
    ("please", r"\bplease (?:contact|call|write to|e-?mail|get in touch)\b"),
    (
        "contact call mail write reach touch",
        r"\bfor (?:more|further|additional|other)? ?"
        r"(?:information|info|details|quer(?:y|ies)|enquiries|inquiries|questions?|requests?|interviews?)"
        r"\b.{0,80}\b(?:contact|call|e-?mail|write|reach|get in touch)\b",
    ),
    (
        "contact quiries queries",
        r"\b(?:media|press|public information) (?:contacts?|enquiries|inquiries|queries)\b",
    ),
    ("contact", r"^\W*contacts?(?: information| details)?\W*(?::|$)"),
    # es
    (
        "por favor|favor de|sírvase|sirvase",
        r"\b(?:por favor|favor de|s[ií]rvase)\b.{0,40}\b(?:contact|comun[ií]|escrib|llam|dirij|dirig)",
    ),
    (
        "informaci informes detalles consultas preguntas",
        r"\bpara (?:m[aá]s|mayor|mayores|obtener|consultas|preguntas)\b.{0,40}"
        r"\b(?:informaci[oó]n|informes|detalles|prensa)\b.{0,80}"
        r"\b(?:contact|comun[ií]|escrib|llam|dirij|dirig|p[oó]ngase)",
    ),
    ("contacto", r"\bcontactos?(?: de prensa| para (?:la prensa|los medios))?\s*:"),
    # fr
    (
        "veuillez|merci de",
        r"\b(?:veuillez|merci de)\b.{0,40}\b(?:contacter|appeler|[eé]crire|joindre|adresser|prendre contact)",
    ),
    (
        "information renseignement détails details question",
        r"\bpour (?:plus|de plus|toute?|davantage|obtenir)\b.{0,60}\b(?:informations?|renseignements?|d[eé]tails|questions?)\b"
        r".{0,80}\b(?:contact|appel|[eé]cri|joindre|adress)",
    ),
    ("contact", r"\bcontacts?(?: presse| m[eé]dias?)?\s*:"),
    # pt
    (
        "informaç informac",
        r"\bpara (?:mais|maiores|obter)\b.{0,40}\binforma[cç][oõ]es\b.{0,80}\b(?:conta[c]?t|escrev|ligu|dirij)",
    ),
    ("contato contacto", r"\bconta(?:c)?tos?(?: de imprensa| para a imprensa)?\s*:"),
    # ar
    ("يرجى الرجاء يمكن", r"(?:يرجى|الرجاء|يمكن(?:كم)?)\s.{0,30}(?:الاتصال|التواصل|مراسلة)"),
    (
        "معلومات",
        r"(?:لمزيد من|للمزيد من|للحصول على).{0,40}(?:المعلومات|معلومات).{0,60}(?:الاتصال|التواصل|مراسلة|اتصل)",
    ),
    ("للاتصال للتواصل الاتصال", r"للاتصال|للتواصل|جهات? الاتصال"),
    # ru, uk
    (
        "информаци сведени",
        r"(?:дополнительн\w+|подробн\w+|более)\b.{0,60}\b(?:информаци|сведени)\w*.{0,80}\b(?:обра[щт]|свя[зж]|контакт|звон)",
    ),
    ("вопрос", r"\b(?:по вопросам|с вопросами|за справками)\b.{0,80}\b(?:обра[щт]|свя[зж]|контакт|звон)"),
    ("контакт", r"\bконтакт(?:ы|ное лицо|на особа|и)?\b.{0,30}:"),
    (
        "інформаці",
        r"\b(?:додатков|детальн)\w+\b.{0,60}\bінформаці\w*.{0,80}\b(?:зверт|зверн|зв.?яз|контакт|телефон)",
    ),
    # zh
    (
        "请联系 请洽 敬请联络 联系人 媒体联络 欲知详情 如需",
        r"(?:请联系|请洽|敬请联络|联系人|媒体联络|欲知详情|如需(?:更多|进一步)信息)",
    ),
    # tr, de, it
    ("bilgi", r"\b(?:daha fazla|ayrıntılı) bilgi\b.{0,60}\b(?:iletişim|irtibat|temas|arayın|başvur)"),
    ("fragen", r"\b(?:rück)?fragen\b.{0,60}\b(?:kontakt|wenden sie sich|telefon)"),
    (
        "weitere",
        r"\bweitere (?:informationen|auskünfte)\b.{0,80}\b(?:kontakt|wenden|telefon|erhalten)",
    ),
    (
        "informazioni",
        r"\bper (?:maggiori|ulteriori) informazioni\b.{0,80}\b(?:contatt|scriv|chiam|telefon)",
    ),
)
_COMPILED = [
    (needles.split("|") if "|" in needles else needles.split(), re.compile(pattern, re.IGNORECASE))
    for needles, pattern in _CONTACT_PHRASES
]


def contact_phrase(text: str) -> int | None:
    """Where the first such sentence begins, or what sends the reader in it; None where there is none.

    At the end of a body it opens the contact block.
    """
    plain = text.lower()
    found = [
        match.start()
        for needles, pattern in _COMPILED
        if any(needle in plain for needle in needles) and (match := pattern.search(text))
    ]
    return min(found, default=None)


PHONE_LABEL = _pattern(
    r"\b(?:tele?phone|phone|tel|mobile|mob|cell(?:ular|phone)?|fax|whats ?app|signal|viber|ext)\b",
    r"\b(?:t[eé]l[eé]phone|t[eé]l|portable|t[eé]l[eé]copie)\b",
    r"\b(?:tel[eé]fonos?|m[oó]vil|celular|telefax)\b",
    r"\b(?:telefones?|telem[oó]vel|telefon|handy|cep|cellulare)\b",
    r"(?:هاتف|الهاتف|تلفون|جوال|الجوال|محمول|موبايل|فاكس)",
    r"\b(?:телефон|тел|моб|мобильный|мобільний|факс)\b",
    r"(?:电话|手机|传真|電話)",
)
"""What stands before a telephone number."""

PHONE_VERB = _pattern(
    r"\b(?:contact|call|reach|phone|ring|dial)\b",
    r"\b(?:contacter|appeler|appelez|joindre)\b",
    r"\b(?:contactar|llamar|llame|comunicarse|ligar|ligue)\b",
    r"(?:اتصل|الاتصال|التواصل)",
    r"\b(?:звоните|позвон\w+|обращ\w+|дзвон\w+)\b",
)
"""What stands some words before a number that a person answers."""

FOR_EVERYBODY = _pattern(
    r"\b(?:hot-?\s?lines?|help-?\s?lines?|toll[- ]free|free of charge|free[- ]?phone|call cent(?:re|er)s?|emergency number)\b",
    r"\b(?:ligne (?:d['’]urgence|d['’]assistance|d['’]appel|d['’]écoute|verte|gratuite)|num[eé]ro (?:vert|gratuit|d['’]urgence)"
    r"|centre d['’]appels?|appel gratuit)",
    r"\bl[ií]neas? (?:de (?:ayuda|atenci[oó]n|emergencia|apoyo|asistencia)|directa|gratuita|telef[oó]nica)"
    r"|\bn[uú]mero (?:gratuito|de emergencia)|\bcentro de llamadas|\bllamada gratuita",
    r"\blinhas? (?:de (?:apoio|ajuda|atendimento|emerg[eê]ncia)|direta|gratuita|verde)"
    r"|\bn[uú]mero verde|\bcentral de atendimento",
    r"(?:الخط الساخن|خط ساخن|الخطوط الساخنة|خط المساعدة|رقم مجاني|الرقم المجاني|مركز الاتصال)",
    r"\b(?:горяч\w+ лини\w+|гаряч\w+ ліні\w+|бесплатн\w+|безкоштовн\w+|телефон доверия|колл-центр\w*)",
    r"(?:热线|求助电话|免费电话|熱線)",
    r"\b(?:yardım hatt\w+|çağrı merkez\w+|notruf\w*|infotelefon|numero verde|linea verde)",
)
"""Near a number: it is offered to everybody, nobody's own."""

FOR_THE_PRESS = _pattern(
    r"\b(?:press|media|journalists?|contacts?|prensa|periodistas|presse|m[eé]dias|journalistes|imprensa|jornalistas)\b",
    r"(?:الصحافة|الإعلام|للاتصال)",
    r"\b(?:пресс|СМИ|журналист|контакт|преса|ЗМІ)",
    r"(?:媒体|记者|联系)",
)
"""Behind such a word begins what is for journalists."""
