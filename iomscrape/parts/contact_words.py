"""The words of contact blocks, as data: headings, labels, joiners, roles, offices; nine languages.

All languages are always looked for: an Arabic note gives a Geneva contact in English. To teach the
reader a new wording, add it to the list it belongs to, with the string it must match in a comment
where that is not plain. Patterns are regular expressions without capturing groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_INFO_EN = r"(?:information|info|details|enquir(?:y|ies)|inquir(?:y|ies)|quer(?:y|ies)|questions?|interviews?|requests?|comments?)"

# What a name begins with, whatever the pattern's regard to case.
CAPITAL = "(?-i:[A-ZÀ-ÞА-ЯЄІЇ])"

# A name and what ends it, right after a heading that has no colon: Media contacts Jane Doe, IOM Dili, …
_THEN_NAME = rf"(?= {CAPITAL}[\w’'-]{{1,30}}(?: [\w’'-]{{1,30}}){{1,4}}\s?[,;|(–-])"

# What opens a contact block. A heading counts only where an address or a number follows it.
HEADINGS: dict[str, tuple[str, ...]] = {
    "en": (
        # For more information please contact:   For media inquiries:   For further details about this story, call
        rf"(?:for|to (?:obtain|request|arrange|get)) (?:any |an? )?(?:more|further|additional|other|general|all|media|press)?\s?(?:and )?(?:media |press )?{_INFO_EN}\b[^.:\n]{{0,90}}?(?:\bcontact\b|\bcall\b|\bwrite to\b|\be-?mail(?! ?:)|\breach\b|\bget in touch with\b|:|$)(?:\s?:)?",
        r"(?:please|kindly) (?:contact|call|write to|reach(?: out to)?|get in touch with)\s?:?",
        # Media contacts:   Contact persons:   Press office:
        r"^(?:iom |media |press |for )*contacts?(?: persons?| details| information| us| list)?(?: for (?:the )?(?:media|press))?(?: ?\([^()\n]{2,40}\))?\s?(?::|$)",
        r"^(?:media|press|public information)(?: and (?:communications?|press|media))? (?:enquiries|inquiries|queries|contacts?|relations)\s?(?::|$)",
        r"^(?:media|press|communications?) (?:office|team|unit)\s?:",
        rf"^(?:(?:media|press) contacts?|contacts? for (?:the )?(?:media|press)){_THEN_NAME}",
        # Interview requests:   To learn more, contact:   Journalists may contact:
        r"^(?:(?:interview|media)(?: and (?:interview|media))? requests?|enquiries|inquiries)\s?:",
        r"to (?:learn|find out|know) more\b[^.:\n]{0,60}?\b(?:contact|call|write to)\b\s?:?",
        r"^(?:journalists|reporters|media representatives)\b[^.:\n]{0,60}?\bcontact\b\s?:?",
    ),
    "es": (
        r"para (?:más|mayor(?:es)?|obtener (?:más|mayor)|cualquier|otras?|consultas|entrevistas|solicitar|solicitudes)\s?(?:información|informes|detalles|consultas?|datos|entrevistas?|de prensa)?\b[^.:\n]{0,90}?(?:\bcontact(?:ar|e|o|ar con|ar a)\b(?: a| con)?|\bcomun[ií](?:car|que)se con\b|\bpóngase en contacto con\b|\bpóngase en contacto\b|\bdir[ií](?:gir|ja)se a\b|\bescrib(?:ir|a) a\b|:|$)(?:\s?:)?",
        r"(?:favor|por favor|sírvase|se ruega) (?:de )?contact(?:ar|e)(?: a| con)?\s?:?",
        r"^contactos?(?: (?:de|para|con)(?: (?:la|los))? (?:prensa|medios(?: de comunicación)?))?\s?(?::|$)",
        rf"^contactos? (?:de|para|con)(?: (?:la|los))? (?:prensa|medios){_THEN_NAME}",
        r"^(?:consultas|atención|solicitudes) (?:de|a)(?: (?:la|los))? (?:prensa|medios)\s?(?::|$)",
    ),
    "fr": (
        r"pour (?:plus|de plus amples|davantage|tout(?:e)?(?: autre)?|obtenir|en savoir plus|les demandes|des)\s?(?:d[’']|de )?(?:informations?|renseignements?|précisions?|questions?|demandes?|détails|interviews?|amples informations|médias?)?\b[^.:\n]{0,90}?(?:\bcontact(?:er|ez)\b|\bs[’']adresser à\b|\badressez-vous à\b|\bécri(?:re|vez) à\b|\bjoindre\b|\bappelez\b|:|$)(?:\s?:)?",
        r"(?:veuillez|merci de|prière de) (?:contacter|vous adresser à|joindre|écrire à)\s?:?",
        r"^contacts?(?: (?:médias?|presse|pour (?:les médias|la presse)|avec la presse))?\s?(?::|$)",
        rf"^contacts? (?:médias?|presse|pour (?:les médias|la presse)){_THEN_NAME}",
        r"^personnes? (?:à contacter|ressources?)\s?(?::|$)",
        r"^(?:relations|demandes|service)(?: (?:avec|de|pour))?(?: (?:la|les))? (?:presse|médias)\s?(?::|$)",
    ),
    "pt": (
        r"para (?:mais|maiores|outras|obter(?: mais)?|quaisquer|entrevistas)\s?(?:informaç(?:ões|ão)|esclarecimentos?|detalhes|dúvidas)?\b[^.:\n]{0,90}?(?:\bcontact(?:e|ar)\b|\bcontat(?:e|ar)\b|\bentr(?:e|ar) em conta(?:c)?to com\b|\bescrev(?:a|er) para\b|:|$)(?:\s?:)?",
        r"^conta(?:c)?tos?(?: (?:de|para|com|da)(?: a)? (?:imprensa|m[ií]dia|media|comunicação))?\s?(?::|$)",
        rf"^conta(?:c)?tos? (?:de|para|com|da)(?: a)? (?:imprensa|m[ií]dia|media){_THEN_NAME}",
        r"^assessoria de imprensa\s?(?::|$)",
        r"^(?:mais|outras) informações\s?(?::|$)",
    ),
    "it": (
        r"per (?:ulteriori|maggiori|altre|qualsiasi|richieste|interviste|avere)\s?(?:informazioni|dettagli|richieste|chiarimenti)?\b[^.:\n]{0,90}?(?:\bcontattare\b|\bcontatti\b|\brivolgersi a\b|\bscrivere a\b|:|$)(?:\s?:)?",
        r"^(?:per informazioni|ufficio stampa)(?: (?:dell[’'])?(?:OIM|IOM))?\s?(?::|$)",
        r"^contatt[oi](?: (?:per (?:la stampa|i media)|stampa|media))?\s?(?::|$)",
    ),
    "de": (
        r"(?:für )?(?:weitere|nähere|mehr|zusätzliche) (?:informationen|auskünfte|infos|details)\b[^.:\n]{0,90}?(?:\bkontaktieren sie\b|\bwenden sie sich(?: bitte)? an\b|\b(?:erhalten sie|gibt es|erteilt|gibt)(?: bei| von)?\b|\ban\b|:|$)(?:\s?:)?",
        r"(?:für |bei )(?:rückfragen|presseanfragen|medienanfragen|fragen|anfragen|interviewanfragen)\b[^.:\n]{0,90}?(?:\bsteh(?:t|en)\b(?: ihnen| den medien)?|\bkontaktieren sie\b|\bwenden sie sich(?: bitte)? an\b|:|$)(?:\s?:)?",
        r"^(?:presse|medien|presse- und medien)?kontakte?(?: für (?:die )?(?:presse|medien))?\s?(?::|$)",
        r"^(?:ihre? )?ansprechpartner(?:in|innen)?(?: für (?:die )?(?:presse|medien))?\s?(?::|$)",
        r"^pressestelle\s?(?::|$)",
        r"^rückfragen(?: bitte)?(?: an)?\s?(?::|$)",
    ),
    "ru": (
        r"(?:за|для|по) (?:дополнительн\w+|получени\w+|более подробн\w+|подробн\w+|любой|вопрос\w+|запрос\w+)\s?(?:дополнительн\w+ |более подробн\w+ |подробн\w+ )?(?:информаци\w+|сведени\w+|сми|прессы)?\b[^.:\n]{0,90}?(?:\bобраща(?:йтесь|ться)(?: к| в| по)?\b|\bсвя(?:житесь|заться|зывайтесь)(?: с)?\b|\bпишите\b|\bконтакт\w*\b|:|$)(?:\s?:)?",
        r"(?:просьба|пожалуйста,?) (?:обращаться|обращайтесь|связаться|свяжитесь)(?: к| в| с)?\s?:?",
        r"^(?:дополнительная информация|пресс-служба)\s?(?::|$)",
        r"^контакт(?:ы|ная информация|ные лица|ное лицо|ные данные)?(?: (?:для|по связям с)? ?(?:прессы|сми|медиа|прессой))?\s?(?::|$)",
    ),
    "uk": (
        r"(?:за|для|з|щодо) (?:додатков\w+|отримання|детальн\w+|більш детальн\w+|будь-як\w+|питан\w+|запит\w+)\s?(?:додатков\w+ |детальн\w+ )?(?:інформаці\w+|відомост\w+|змі|медіа)?\b[^.:\n]{0,90}?(?:\bзверта(?:йтеся|йтесь|тися)(?: до)?\b|\bзв[’'ʼ]?яж(?:іться)(?: з)?\b|\bпишіть\b|:|$)(?:\s?:)?",
        r"(?:будь ласка,?|просимо) (?:звертайтеся|звертатися|зв[’'ʼ]яжіться)(?: до| з)?\s?:?",
        r"^(?:додаткова інформація|прес-служба)\s?(?::|$)",
        r"^контакт(?:и|на інформація|ні особи|на особа)?(?: (?:для)? ?(?:преси|змі|медіа))?\s?(?::|$)",
    ),
    "ar": (
        r"(?:ل|و?لل)(?:لمزيد|مزيد|معلومات|لمعلومات|استفسار(?:ات)?|حصول على|لاستفسار(?:ات)?|تواصل|لتواصل)\b[^.:\n]{0,90}?(?:(?:الاتصال|التواصل)(?: مع| ب(?:ـ|كل من)?| على)?|مراسلة|:|$)(?:\s?[:：])?",
        r"(?:يرجى|الرجاء|نرجو) (?:الاتصال|التواصل|مراسلة)(?: مع| ب(?:ـ)?| على)?\s?:?",
        r"^(?:جه(?:ة|ات)|معلومات|بيانات|مسؤولو?) (?:ال)?(?:اتصال|تواصل)(?: (?:(?:الإعلام|الصحف)ية?|الإعلام|للإعلام|ل?وسائل الإعلام))?\s?(?::|$)",
        r"^(?:للتواصل|للاتصال|(?:الاتصال|التواصل)(?= ال))(?: (?:الإعلام|الصحف)ي)?\s?(?::|$)",
        r"^جهات الاتصال الإعلامية(?= [^\W\d]{2,20}(?: [^\W\d]{2,20}){1,3}\s?[,،])",
        r"^لطلبات (?:ال)?مقابلات(?: (?:الإعلام|الصحف)ية)?\s?(?::|$)",
    ),
    # Contact IOM Media for more; after all that say more of it
    "bare": (r"^contact(?:s)? (?!with\b)(?=.{0,60}\b(?-i:IOM)\b)",),
}

# Between two persons, alone on a line or at the head of one.
JOINERS = r"or|and|&|o|y|u|e|ou|et|oder|und|oppure|или|и|або|чи|та|أو|و"

# After a joiner that goes on with the verb of the heading: "contactar a Ana Paz, x@iom.int, o a Juan Gil"
TO = r"to|with|a|al|à|au|ao|com|con|an|bei|к|с|до|з|مع|بـ?"

# Before a place: In Geneva: …   our colleagues in Juba
IN = r"in|en|à|em|a|in der|в|во|у|في"

# Before an e-mail address.
MAIL_LABELS = (
    r"e[-‑ ]?mails?|mail|courriels?|mél|adresse électronique|correo(?:s)?(?: electr[oó]nico)?|endereço eletr[ôo]nico|correio (?:eletr[ôoó]nico|electr[óo]nico)|"
    r"posta elettronica|indirizzo e-mail|эл(?:ектронная|\.)? ?(?:почта|адрес)|ел(?:ектронна|\.)? ?(?:пошта|адреса)|"
    r"почта|пошта|e-?mail-?adresse|(?:ال)?بريد(?: (?:ال)?[إا]لكتروني)?|[إا]يميل"
)

# Lines of a contact that are neither person nor address: kept as `other`.
OTHER_LABELS = (
    r"skype|twitter|facebook|instagram|linkedin|telegram|web ?site|web|site web|sitio web|x|сайт|الموقع"
)

# A segment with one of these is what somebody does.
ROLES = (
    r"officers?|spokes(?:person|man|woman|people)|co-?ordinat(?:or|rice|eur|ore)|managers?|assistants?|specialists?|directors?|"
    r"head of|chief of|chief|deputy|advis[eo]rs?|consultants?|focal point|editor|representative|envoy|lead(?:er)?|intern|expert|"
    r"analyst|associate|writer|storyteller|reporter|producer|photographer|redactora?|rédact(?:eur|rice)|gerente|responsables?|oficial|portavoz|vocer[oa]|encargad[oa]|coordinadora?|directora?|especialista|"
    r"jef[ea]|asesora?|asistente|periodista|chargée?s?(?= d[e’'])|porte-parole|direct(?:eur|rice)|chef(?:fe)?|attachée?|"
    r"conseill(?:er|ère)|assist(?:ant|ante)|référente?|assessora?|assistente|coordenadora?|diretora?|oficiala?|técnic[oa]|"
    r"gestora?|porta-voz|responsabile|addett[oa]|portavoce|coordinat(?:ore|rice)|dirett(?:ore|rice)|referente|"
    r"\w*(?:sprecher|leiter|koordinator|referent)(?:in)?|\w*beauftragte[r]?|\w*assistent(?:in)?|"
    r"специалист\w*|координатор\w*|пресс-секретар\w*|пресс-офицер|представител\w+|сотрудни\w+|руководител\w+|глава|советник|"
    r"помощни\w+|менеджер|прессекретар\w*|прес-секретар\w*|речни\w+|фахів\w+|координаторка|керівни\w+|радни\w+|помічни\w+|"
    r"представни\w+|(?:و?ال)?(?:مسؤول|منسق|متحدث|ناطق|مدير|موظف|أخصائي|مساعد|مستشار|رئيس|خبير|ضابط|مسئول|ممثل)(?:ة)?"
)

# A segment with one of these is where somebody works. Case matters: these are names.
AGENCIES = (
    r"IOM|OIM|МОМ|UNHCR|ACNUR|HCR|УВКБ|УВКБ ООН|UNICEF|ЮНИСЕФ|UNFPA|UNDP|PNUD|WFP|PAM|WHO|OMS|ILO|OIT|FAO|OCHA|UNODC|UN Women|"
    r"UN|ONU|ООН|IFRC|ICRC|NRC|DRC|MSF|Save the Children|Red Cross|Cruz Roja|Croix-Rouge|"
    r"International Organi[sz]ation for Migration|Organización Internacional para las Migraciones|"
    r"Organisation internationale pour les migrations|Organização Internacional para as Migrações|"
    r"Organizzazione Internazionale per le Migrazioni|Internationale Organisation für Migration|"
    r"Международн\w+ организаци\w+ по миграции|Міжнародн\w+ організаці\w+ з міграції|"
    r"(?:ال)?منظمة(?: الدولية للهجرة)?|(?:ال)?مفوضية|اليونيسف"
)
OFFICES = """
office headquarters HQ mission bureau unit section division department
oficina misión sede unidad siège unité service~de~presse prensa~de~la escritório gabinete unidade
ufficio büro pressestelle abteilung офис бюро миссия отдел пресс-служба офіс місія відділ пресслужба مكتب وحدة بعثة قسم
ministry ministerio ministère ministero ministerium министерство міністерство وزارة foundation university embassy
"""
"""Words of offices, a tilde for a space within one."""

# Between a person and an office on one line: "Judith Makonese at IOM Harare", "chargée de communication à l'OIM Maroc".
PREPOSITIONS = r"at|from|with|in|of|à|au|chez|de|du|en|con|del|da|do|na|no|presso|di|bei|beim|von|der|in|во?|из|у|в|з|при|من|في|لدى"
ARTICLES = r"the|la|le|el|l[’']|dell[’']|dall[’']|all[’']|der|die|das|il|o|a"

# What may stand between the parts of a contact in running text, and means nothing.
NOISE = (
    r"on|at|by|via|or|and|e|o|ou|et|u|y|please|tel|write(?: to)?|email|e-mail|call|contact|phone|telephone|reach|"
    r"al|au|par|por|per|unter|oder|und|или|и|або|та|أو|و|على|عبر|send an? e-?mail to|through|mr\.?|mrs\.?|ms\.?|"
    r"s[’']adresser à|écrire à|a|à|to|escribir a|the|teléfono|numéro|número|numero|telefon|по|адресу|телефону|за|адресою|телефоном|"
    r"pelo|no|em|en|el|correo(?: electrónico)?|l[’']adresse|all[’']indirizzo|an|пожалуйста|будь ласка|"
    r"follow(?: us| her| him| them)?|suivez(?:-nous)?|s[íi]g(?:anos|uenos|ue)|twitter|facebook|instagram"
)

# Particles of names that are written small: Ludwig van der Berg, María de la Cruz, Amina bint Said.
NAME_PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "des",
        "der",
        "den",
        "von",
        "van",
        "vom",
        "zu",
        "zum",
        "la",
        "le",
        "las",
        "los",
        "el",
        "al",
        "bin",
        "bint",
        "ibn",
        "abu",
        "ben",
        "ould",
        "mint",
        "y",
        "e",
        "i",
    ]
)

# Any clause that promises information and says whom to ask, whatever its wording: "Si desea más información, contacte con:"
INFORMATION = (
    r"informa(?:tions?|ción|ciones|ção|ções|zioni|zione|tionen)|info|details?|detalles|détails|renseignements?|précisions|"
    r"esclarecimentos|auskünfte|rückfragen|presseanfragen|(?:media|press) \w+|interviews?|entrevistas?|interviste|prensa|presse|"
    r"imprensa|stampa|enquir(?:y|ies)|inquir(?:y|ies)|queries|questions?|consultas|информаци\w+|сведени\w+|вопрос\w+|"
    r"інформаці\w+|питан\w+|(?:ال)?معلومات|(?:لل|ال)?استفسار(?:ات)?"
)
ASK = """
contact contacter contactez contactar contacte contacten contacto contacting contatar contate contattare
get~in~touch reach reach~out call write e-mail email comunicarse comuníquese comuniquese dirigirse diríjase dirijase
escribir escriba s’adresser s'adresser adressez-vous joindre écrire écrivez entre~em~contato entre~em~contacto entrar~em~contato
entrar~em~contacto escreva escrever rivolgersi scrivere wenden~sie~sich wenden~sie~sich~bitte kontaktieren~sie
обращайтесь обращаться свяжитесь связаться связывайтесь пишите звертайтеся звертайтесь звертатися
зв’яжіться зв'яжіться звʼяжіться пишіть الاتصال اتصال التواصل تواصل مراسلة
"""
"""Words that say whom to ask, a tilde for a space within one."""
TO_WHOM = r"(?:\s(?:with|us|to|a|al|con|com|à|au|an|bei|para|к|в|по|с|до|з|مع|ب(?:ـ)?|على))*(?:\s?ب(?:ـ)?)?\s?[:：]?"
_ASK = sorted((re.escape(words.replace("~", " ")) for words in ASK.split()), key=len, reverse=True)
ASK_WORDS = frozenset(
    word for words in ASK.split() for word in re.findall(r"\w+", words.partition("~")[0])[:2]
)
CLAUSE = re.compile(
    rf"[^.!?:\n]{{0,100}}?\b(?:{INFORMATION})\b[^.!?:\n]{{0,80}}?\b(?:{'|'.join(_ASK)})\b{TO_WHOM}", re.I
)
_CLAUSE_END = re.compile(r"[^.!?:\n]{0,260}")
_WORD = re.compile(r"\w+")

# Where a heading may begin: at a line, after the end of a sentence.
STARTS = re.compile(r"(?:\A|\n|(?<=[.!?…:;؟»”\"'*)])\s)\s*(?=\S)")
HEADING = re.compile(
    "|".join(f"(?:{pattern})" for group in HEADINGS.values() for pattern in group), re.I | re.M
)
# E-mail: x@iom.int   and where a link is called "Email": Email: Email
MAIL_LABEL = re.compile(rf"(?<![^\W_])(?:(?:{MAIL_LABELS})\s?[:：.]?\s*){{1,3}}[<(\[]?\s*$", re.I)
MAIL_LABEL_LINE = re.compile(rf"(?<![^\W_])(?:{MAIL_LABELS})\s?[:：]", re.I)
OTHER_LABEL = re.compile(rf"^\W*(?:(?:{OTHER_LABELS})\s?[:：]|https?://|www\.|@\w)", re.I)
JOINER_ALONE = re.compile(rf"^\W*(?:{JOINERS})\W*$", re.I)
JOINER_AHEAD = re.compile(rf"^\W*(?:{JOINERS})\s+(?:(?:{TO})\s+)?(?=\S)", re.I)
ROLE = re.compile(rf"(?<![^\W_])(?:{ROLES})(?![^\W\d_])", re.I)
AGENCY = re.compile(rf"(?<![^\W_])(?:{AGENCIES})(?![^\W\d_])")
_OFFICES = [re.escape(words.replace("~", " ")) for words in OFFICES.split()]
OFFICE = re.compile(rf"(?<![^\W_])(?:{'|'.join(_OFFICES)})(?![^\W\d_])", re.I)
OFFICE_WORDS = frozenset(word for words in OFFICES.casefold().split() for word in re.findall(r"\w+", words))
"""Without one of these no text holds an office's name; looking them up is cheaper than the pattern."""
# Name: Ana Reis   Title: Information Officer   Office: IOM Dili
FIELD_LABELS = {
    "name": r"name|full name|contact name|nombre|nom|nome|имя|ім[’'ʼ]я|الاسم",
    "role": r"title|position|job title|function|cargo|puesto|título|titre|fonction|poste|funktion|ruolo|должность|посада|الوظيفة|المنصب",
    "office": r"office|organi[sz]ation|agency|oficina|organización|bureau|organisation|escritório|organização|ufficio|büro|"
    r"организация|офис|організація|офіс|المكتب|المنظمة|الجهة",
}
FIELD_LABEL = re.compile("|".join(rf"(?P<{kind}>{words})" for kind, words in FIELD_LABELS.items()), re.I)
# IOM Haiti) or Leo Cruz: what stands behind an address, and the next person
JOINER_WITHIN = re.compile(rf"(?<=[\w)])\s+(?:{JOINERS})\s+(?:(?:{TO})\s+)?(?=\S)")
AT_OFFICE = re.compile(
    rf"\s+(?:{PREPOSITIONS})\s+(?:(?:{ARTICLES})\s*)?(?=(?:{AGENCIES})(?![^\W\d_]))|\s+(?=(?:à|dell|all|presso) ?l?[’'](?:{AGENCIES}))"
)
NOISE_ALONE = re.compile(rf"^\W*(?:(?:{NOISE})\W+)*(?:{NOISE})?\W*$", re.I)
NOISE_AHEAD = re.compile(
    # Pour l'OIM   für die IOM; Per Lund is a name
    rf"^(?:(?:for|pour|für|для|(?-i:per|para))\s+(?:l[’']|(?:le|la|les|the|el|los|die|das)\s+)?(?={CAPITAL})|(?:(?-i:{TO})(?=\s+{CAPITAL})|"
    r"(?:(?:or|and)\s+)?(?:call|contact|reach|write to)(?:\s+(?:the|our))?|on|at|by|via|please|(?-i:the)|mr\.?|mrs\.?|ms\.?|m\.|mme|sr\.?|"
    r"sra\.?|dr\.?(?=\s))\s+)",
    re.I,
)
# Between a name and what follows it: Jane Doe at +41 22 …   Jane Doe, à l’adresse x@iom.int
NOISE_BEHIND = re.compile(
    r"(?<=[\s,،])(?:at|on|via|by|under|au|par|sur|à(?: l[’']adresse)?|al|en|a|em|pelo|no|all[’']indirizzo|unter|an|per|auf|по|на|за|على|عبر)"
    r"(?:\s(?:the |el |der )?(?i:phone|telephone|tel[eé]fono|telefon|téléphone|number|numéro|n[uú]mero|nummer|телефону|номеру|номером|телефоном|"
    r"(?:ال)?رقم|(?:ال)?هاتف|(?:ال)?عنوان|(?:ال)?بريد))*\s*$"
)
END_MARK = re.compile(
    r"^\W*(?:\*\s?\*\s?\*|#\s?#\s?#|[-–—_]{2,}|ends?|fin|fim|fine|ende|конец|кінець|انتهى|النهاية)\W*$", re.I
)


# A sentence that names the person first: IOM's Ana Reis can be reached at +670 … or areis@iom.int for comment.
REACHED = re.compile(
    r"(?:\A|(?<=[.!?…] ))(?P<who>[^.!?\n@\d]{3,100}?),?\s(?:"
    r"(?:can|may) be (?:reached|contacted)(?: (?:directly|for [a-z ]{3,20}?|by (?:phone|e-?mail)))? (?:at|on|via|through)|"
    r"(?:is|are) available for (?:interviews?|comments?)(?: (?:at|on|via)|\s?:)|"
    r"pueden? ser contactad[oa]s? (?:en|al|por|a través de)|(?:peut|peuvent) être (?:contacté|joint)e?s? (?:au|à|par|sur)|"
    r"podem? ser contact?ad[oa]s? (?:em|através d[eo]|pel[oa]))\s+(?=\S)"
)


def headings(text: str) -> Iterator[re.Match[str]]:
    """Every heading that begins where one may, in order."""
    for start in STARTS.finditer(text):
        if match := heading_at(text, start.end()):
            yield match


def heading_at(text: str, start: int = 0) -> re.Match[str] | None:
    """The heading that begins just there: a wording that is known, or any clause that says whom to ask."""
    return HEADING.match(text, start) or _clause(text, start)


def _clause(text: str, start: int) -> re.Match[str] | None:
    end = _CLAUSE_END.match(text, start)
    words = _WORD.findall(end.group().casefold()) if end else ()
    return None if ASK_WORDS.isdisjoint(words) else CLAUSE.match(text, start)
