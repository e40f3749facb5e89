"""Merging: the order of mentions makes no difference, and nobody is put together without evidence."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from archive.people.merging import Mention, Person, all_alike, merge
from archive.people.names import likeness

ADDRESSES = ["amoreno@iom.int", "press@iom.int", "dzhumabekov@iom.int", "+6707230000", "+41227179111"]

MENTIONS = st.lists(
    st.builds(
        Mention,
        name=st.sampled_from(
            [
                *("Ada Moreno", "ADA MORENO", "Moreno Ada", "A. Moreno", "Ada Moreno Silva", "Alba Moreno"),
                *("Damir Zhumabekov", "Дамир Жумабеков", "John Smith", "Jon Smith", "Moreno"),
            ]
        ),
        office=st.sampled_from(["", "iom dili", "iom geneva"]),
        addresses=st.frozensets(st.sampled_from(ADDRESSES), max_size=2),
    ),
    max_size=12,
)


def merged(mentions: list[Mention]) -> list[Person]:
    users = {
        address: {mention.name for mention in mentions if address in mention.addresses}
        for address in ADDRESSES
    }
    return merge(mentions, {address for address, names in users.items() if all_alike(names)})


def groups(mentions: list[Mention]) -> list[list[tuple[str, str]]]:
    return [[(mention.name, mention.office) for mention in person.mentions] for person in merged(mentions)]


@given(MENTIONS, st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(mentions: list[Mention], random: object) -> None:
    shuffled = list(mentions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert merged(shuffled) == merged(mentions)
    assert merged(mentions + shuffled) == merged(mentions)


@given(MENTIONS)
def test_everybody_is_in_one_person_and_all_names_of_one_are_alike(mentions: list[Mention]) -> None:
    people = merged(mentions)
    assert sorted(map(repr, (mention for person in people for mention in person.mentions))) == sorted(
        map(repr, set(mentions))
    )
    for person in people:
        assert all_alike({mention.name for mention in person.mentions})


@given(MENTIONS)
def test_only_evidence_joins(mentions: list[Mention]) -> None:
    for person in merged(mentions):
        names = {mention.name for mention in person.mentions}
        for step in person.evidence:
            assert {step.one, step.other} <= names
            assert step.how == likeness(step.one, step.other)
            assert step.shared or (step.same_office and step.how in ("same", "order"))
        # From each name a way of steps leads to each other one.
        reached = {person.mentions[0].name}
        for _ in names:
            reached |= {
                name
                for step in person.evidence
                for name in (step.one, step.other)
                if reached & {step.one, step.other}
            }
        assert reached == names
        assert (len(person.mentions) > 1) == bool(person.evidence)


@given(MENTIONS)
def test_less_evidence_never_joins_more(mentions: list[Mention]) -> None:
    bare = [Mention(mention.name, mention.office) for mention in mentions]
    joined = {pair for group in groups(bare) for pair in combinations(sorted(set(group)), 2)}
    assert joined <= {pair for group in groups(mentions) for pair in combinations(sorted(set(group)), 2)}


def mention(name: str, office: str, *addresses: str) -> Mention:
    return Mention(name, office, frozenset(addresses))


def test_a_post_office_moves_with_the_address() -> None:
    dili = mention("Ada Moreno", "iom dili", "amoreno@iom.int")
    geneva = mention("Ada MORENO", "iom geneva", "amoreno@iom.int")
    namesake = mention("Ada Moreno", "iom manila", "adam@iom.int")
    assert [len(person.mentions) for person in merged([dili, geneva, namesake])] == [2, 1]


def test_an_address_of_a_desk_joins_nobody() -> None:
    short, long = (
        mention("A. Moreno", "iom dili", "press@iom.int"),
        mention("Ada Moreno", "iom dili", "press@iom.int"),
    )
    assert len(merged([short, long])) == 1
    assert len(merged([short, long, mention("John Smith", "iom dili", "press@iom.int")])) == 3


def test_an_initial_between_two_names_joins_neither() -> None:
    ada = mention("Ada Moreno", "iom dili", "amoreno@iom.int")
    initial = mention("A. Moreno", "iom dili", "amoreno@iom.int", "+6707230000")
    alba = mention("Alba Moreno", "iom dili", "+6707230000")
    assert len(merged([ada, initial])) == 1
    assert len(merged([ada, initial, alba])) == 3


def test_other_letters_need_an_address_made_of_the_name() -> None:
    latin = mention("Damir Zhumabekov", "", "dzhumabekov@iom.int", "+6707230000")
    assert len(merged([latin, mention("Дамир Жумабеков", "", "dzhumabekov@iom.int")])) == 1
    assert len(merged([latin, mention("Дамир Жумабеков", "", "+6707230000")])) == 2
