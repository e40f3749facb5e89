"""The tags of the sample sites: key in the stories' files -> what is printed, by language."""

from __future__ import annotations

TAGS = {
    "countering-trafficking": (
        "Countering Trafficking",
        "Lucha contra la trata",
        "Lutte contre la traite",
        "Combate ao tráfico",
    ),
    "labour-migration": (
        "Labour Migration",
        "Migración laboral",
        "Migration de main-d'œuvre",
        "Migração laboral",
    ),
    "return": (
        "Return and Reintegration",
        "Retorno y reintegración",
        "Retour et réintégration",
        "Retorno e reintegração",
    ),
    "humanitarian": (
        "Humanitarian Assistance",
        "Asistencia humanitaria",
        "Aide humanitaire",
        "Assistência humanitária",
    ),
    "shelter": ("Shelter", "Alojamiento", "Abris", "Abrigo"),
    "health": ("Migrant Health", "Salud de los migrantes", "Santé des migrants", "Saúde dos migrantes"),
    "climate": ("Climate and Mobility", "Clima y movilidad", "Climat et mobilité", "Clima e mobilidade"),
    "border-management": (
        "Border Management",
        "Gestión de fronteras",
        "Gestion des frontières",
        "Gestão de fronteiras",
    ),
    "data": ("Migration Data", "Datos sobre migración", "Données sur la migration", "Dados sobre migração"),
    "youth": ("Youth", "Juventud", "Jeunesse", "Juventude"),
    "resettlement": ("Resettlement", "Reasentamiento", "Réinstallation", "Reinstalação"),
    "displacement": (
        "Internal Displacement",
        "Desplazamiento interno",
        "Déplacement interne",
        "Deslocamento interno",
    ),
    "disaster-risk": (
        "Disaster Risk Reduction",
        "Reducción del riesgo de desastres",
        "Réduction des risques de catastrophe",
        "Redução do risco de desastres",
    ),
}

LANGUAGES = ("en", "es", "fr", "pt")
"""The order of the columns above."""


def tag_name(key: str, lang: str) -> str:
    """What is printed for the tag ``key``; KeyError where no such tag is known."""
    return TAGS[key][LANGUAGES.index(lang)]
