"""What stands around every story of the sample sites, by language: menus, labels, footers, names of tags.

Nothing of this may ever turn up in an article or become a contact; that is what it is here for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from string import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """One entry of the mega menu: its heading, the sentence below it, and its leaves."""

    label: str
    text: str
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """The words of a site in one language."""

    organisation: str
    skip: str
    home: str
    menu: tuple[MenuEntry, ...]
    sections: dict[str, str]
    kinds: dict[str, str]
    card_kinds: dict[str, str]
    months: str
    """Twelve names."""
    day: str
    """``$day $month $year`` in the order of the language."""
    share: str
    tags: str
    related: str
    read_more: str
    next_page: str
    last_page: str
    footer: tuple[str, ...]
    subscribe: str
    rights: str
    cookies: str
    agree: str
    decline: str
    press: str
    """What opens a contact block."""
    phone: str
    mail: str
    landing: str
    """The one sentence on pages that are no stories."""
    not_found: str

    def print_day(self, day: date) -> str:
        """A day as the language writes it: ``3 May 2021``, ``3 de mayo de 2021``."""
        month = self.months.split()[day.month - 1]
        return Template(self.day).substitute(day=day.day, month=month, year=day.year)


ENGLISH = Furniture(
    organisation="International Organization for Migration",
    skip="Skip to main content",
    home="Home",
    menu=(
        MenuEntry(
            label="Who we are",
            text="$name belongs to the United Nations System. Since 1951 it has worked with governments "
            "and people on the move so that migration is orderly, safe and of use to everyone.",
            leaves=("About IOM", "History", "Member States", "Senior Management"),
        ),
        MenuEntry(
            label="Our Work",
            text="$name answers emergencies, opens regular pathways and helps communities to recover, "
            "in more than 100 countries.",
            leaves=("What We Do", "Partnerships", "Highlights"),
        ),
        MenuEntry(label="Where we work", text="", leaves=("Africa", "The Americas", "Asia and the Pacific")),
        MenuEntry(
            label="Take Action",
            text="Whoever wants to help can begin here: work with us, give, or tell others.",
            leaves=("Work with us", "Get involved"),
        ),
        MenuEntry(label="Data and Research", text="", leaves=("Data", "2030 Agenda")),
    ),
    sections={"news": "News", "statements": "Statements", "stories": "Stories"},
    kinds={
        "press-release": "Press release",
        "briefing-note": "Press briefing notes",
        "local-news": "News - Local",
        "statement": "Statements",
        "feature": "Feature story",
    },
    card_kinds={"feature": "Story", "statement": "Statement", "local-news": "Local News"},
    months="January February March April May June July August September October November December",
    day="$day $month $year",
    share="Share this page via:",
    tags="Tags",
    related="Related News",
    read_more="Read more",
    next_page="Next page",
    last_page="Last page",
    footer=("Contact us", "Disclaimer", "Privacy Notice", "Terms and Conditions"),
    subscribe="Subscribe",
    rights="All rights reserved.",
    cookies="We use cookies on this site to enhance your user experience",
    agree="OK, I agree",
    decline="No, thanks",
    press="For more information please contact:",
    phone="Tel",
    mail="Email",
    landing="The sample site holds news, statements and stories only.",
    not_found="The page you asked for could not be found.",
)

SPANISH = Furniture(
    organisation="Organización Internacional para las Migraciones",
    skip="Pasar al contenido principal",
    home="Inicio",
    menu=(
        MenuEntry(
            label="Quiénes somos",
            text="$name forma parte del Sistema de las Naciones Unidas. Desde 1951 trabaja con los "
            "gobiernos y las personas en movimiento por una migración ordenada, segura y útil para todos.",
            leaves=("Sobre nosotros", "Historia", "Estados Miembros", "OIM Global"),
        ),
        MenuEntry(
            label="Nuestro trabajo",
            text="$name responde a emergencias, abre vías regulares y ayuda a las comunidades a "
            "recuperarse en más de 100 países.",
            leaves=("Qué hacemos", "Prioridades transversales", "Partenariados"),
        ),
        MenuEntry(label="Dónde operamos", text="", leaves=("África", "Las Américas", "Asia y el Pacífico")),
        MenuEntry(
            label="Actúa",
            text="Quien quiera ayudar puede empezar aquí: trabajar con nosotros, donar o contarlo a otros.",
            leaves=("Trabaje con nosotros", "Participe"),
        ),
        MenuEntry(label="Datos e investigación", text="", leaves=("Datos y Recursos", "2030 Agenda")),
    ),
    sections={"news": "Noticias", "statements": "Declaraciones", "stories": "Historias"},
    kinds={
        "press-release": "Comunicado",
        "briefing-note": "Notas informativas",
        "local-news": "Noticias - Local",
        "statement": "Declaraciones",
        "feature": "Historia",
    },
    card_kinds={"feature": "Historia", "statement": "Declaración", "local-news": "Noticia local"},
    months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    day="$day de $month de $year",
    share="Compartir esta página:",
    tags="Etiquetas",
    related="Noticias relacionadas",
    read_more="Leer más",
    next_page="Página siguiente",
    last_page="Última página",
    footer=("Contáctenos", "Descargo de responsabilidad", "Aviso de privacidad", "Términos y condiciones"),
    subscribe="Suscríbase",
    rights="Todos los derechos reservados.",
    cookies="Usamos cookies en este sitio para mejorar su experiencia de usuario",
    agree="Sí, estoy de acuerdo",
    decline="No, gracias",
    press="Para más información, favor contactar a:",
    phone="Tel.",
    mail="Correo electrónico",
    landing="El sitio de muestra contiene únicamente noticias, declaraciones e historias.",
    not_found="No se ha encontrado la página solicitada.",
)

FRENCH = Furniture(
    organisation="Organisation internationale pour les migrations",
    skip="Aller au contenu principal",
    home="Accueil",
    menu=(
        MenuEntry(
            label="Qui sommes nous",
            text="$name fait partie du système des Nations Unies. Depuis 1951, elle travaille avec les "
            "gouvernements et les personnes en mouvement pour une migration ordonnée, sûre et utile à tous.",
            leaves=("À propos", "Histoire", "États membres", "Structure"),
        ),
        MenuEntry(
            label="Notre travail",
            text="$name répond aux urgences, ouvre des voies régulières et aide les communautés à se "
            "relever dans plus de 100 pays.",
            leaves=("Ce que nous faisons", "Partenariats", "À la une"),
        ),
        MenuEntry(
            label="Où travaillons-nous", text="", leaves=("Afrique", "Les Amériques", "Asie et Pacifique")
        ),
        MenuEntry(
            label="Agir",
            text="Qui veut aider peut commencer ici : travailler avec nous, donner ou en parler.",
            leaves=("Travailler avec nous", "Engagez-vous"),
        ),
        MenuEntry(label="Données et recherche", text="", leaves=("Données", "2030 AGENDA")),
    ),
    sections={"news": "Actualités", "statements": "Déclarations", "stories": "Récits"},
    kinds={
        "press-release": "Communiqué",
        "briefing-note": "Notes d'information",
        "local-news": "Actualités - Local",
        "statement": "Déclarations",
        "feature": "Récit",
    },
    card_kinds={"feature": "Récit", "statement": "Déclaration", "local-news": "Actualité locale"},
    months="janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    day="$day $month $year",
    share="Partager cette page :",
    tags="Mots-clés",
    related="Actualités similaires",
    read_more="Lire la suite",
    next_page="Page suivante",
    last_page="Dernière page",
    footer=("Nous contacter", "Avis de non-responsabilité", "Confidentialité", "Conditions d'utilisation"),
    subscribe="S'abonner",
    rights="Tous droits réservés.",
    cookies="Nous utilisons des cookies sur ce site pour améliorer votre expérience",
    agree="D'accord",
    decline="Non, merci",
    press="Pour plus d'informations, veuillez contacter :",
    phone="Tél.",
    mail="Courriel",
    landing="Le site d'exemple ne contient que des actualités, des déclarations et des récits.",
    not_found="La page demandée est introuvable.",
)

PORTUGUESE = Furniture(
    organisation="Organização Internacional para as Migrações",
    skip="Passar para o conteúdo principal",
    home="Início",
    menu=(
        MenuEntry(
            label="Quem somos",
            text="$name faz parte do Sistema das Nações Unidas. Desde 1951 trabalha com os governos e com "
            "as pessoas em movimento por uma migração ordenada, segura e útil a todos.",
            leaves=("Sobre a OIM", "História", "Estados-Membros"),
        ),
        MenuEntry(
            label="O nosso trabalho",
            text="$name responde a emergências, abre vias regulares e ajuda as comunidades a recuperar, "
            "em mais de 100 países.",
            leaves=("O que fazemos", "Parcerias", "Destaques"),
        ),
        MenuEntry(label="Onde trabalhamos", text="", leaves=("Díli", "Baucau", "Maliana")),
        MenuEntry(
            label="Participe",
            text="Quem quiser ajudar pode começar aqui: trabalhar connosco, doar ou contar a outros.",
            leaves=("Trabalhe connosco", "Envolva-se"),
        ),
        MenuEntry(label="Dados e investigação", text="", leaves=("Dados", "Agenda 2030")),
    ),
    sections={"news": "Notícias", "statements": "Declarações", "stories": "Histórias"},
    kinds={
        "press-release": "Comunicado de imprensa",
        "briefing-note": "Notas de imprensa",
        "local-news": "Local",
        "statement": "Declarações",
        "feature": "Reportagem",
    },
    card_kinds={"feature": "História", "statement": "Declaração", "local-news": "Notícia local"},
    months="janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    day="$day de $month de $year",
    share="Partilhar esta página:",
    tags="Etiquetas",
    related="Notícias relacionadas",
    read_more="Ler mais",
    next_page="Página seguinte",
    last_page="Última página",
    footer=("Contacte-nos", "Aviso legal", "Aviso de privacidade", "Termos e condições"),
    subscribe="Subscrever",
    rights="Todos os direitos reservados.",
    cookies="Utilizamos cookies neste sítio para melhorar a sua experiência",
    agree="Concordo",
    decline="Não, obrigado",
    press="Para mais informações, contactar:",
    phone="Tel.",
    mail="Correio eletrónico",
    landing="O sítio de amostra contém apenas notícias, declarações e histórias.",
    not_found="A página pedida não foi encontrada.",
)

FURNITURE = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH, "pt": PORTUGUESE}
"""Language -> its furniture."""

LANGUAGE_NAMES = {"en": "English", "es": "Español", "fr": "Français", "pt": "Português"}

HEADQUARTERS_PHONE = "+41 22 717 9111"
HEADQUARTERS_MAIL = "hq@iom.int"
"""In every footer, never in a contact."""
