"""Loading of effect rules: the shipped files are right, and a user's mistakes are told all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.catalog.effects import load_effects
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.effects import EffectIndex
from dealix_lint.effects.index import LibraryCall
from dealix_lint.effects.operations import OperationIndex
from dealix_lint.model.effect_rules import EffectRules, Operation, Symbols
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.patterns import PatternIndex, expand, segments


@pytest.fixture(scope="module")
def shipped() -> EffectRules:
    return load_effects(rules_folder())


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_shipped_symbol_and_client_is_found_by_a_path_of_its_own_pattern(shipped: EffectRules) -> None:
    index = EffectIndex(shipped, ())
    symbols = [path for provider in shipped.providers for entry in provider.symbols for path in entry.paths]
    for pattern in (*symbols, *(path for client in shipped.clients for path in client.calls)):
        for plain in expand(pattern):
            example = with_verbs(plain).replace("***.", "").replace("**.", "").replace("*", "x")
            assert PatternIndex([(plain, True)]).find(example), plain
            assert index.is_modelled(example), plain


def test_shipped_patterns_have_closed_quotes_and_no_empty_segment(shipped: EffectRules) -> None:
    for provider in shipped.providers:
        for pattern in (plain for entry in provider.symbols for path in entry.paths for plain in expand(path)):
            assert pattern.count("'") % 2 == 0, pattern
            assert all(segments(pattern)), pattern


def test_no_shipped_request_is_always_answered_by_another_with_other_floors(shipped: EffectRules) -> None:
    for provider in shipped.providers:
        plain = [operation for operation in provider.operations if not operation.body and not operation.keys]
        index = OperationIndex(plain)
        for operation in plain:
            for pattern in (one for text in operation.paths for one in expand(text) if "^" not in one):
                found = {
                    answer[1]
                    for method in operation.methods
                    for between in ("x", "x/y")
                    if (answer := index.find(method, pattern.replace("**", between).replace("*", "1"), False))
                }
                assert any(floors(one) == floors(operation) for one in found), (provider.id, pattern)


def test_no_shipped_call_is_always_answered_by_a_wider_entry_with_other_floors(shipped: EffectRules) -> None:
    for provider in shipped.providers:
        plain = [entry for entry in provider.symbols if not entry.when]
        patterns = {entry: [one for text in entry.paths for one in expand(text)] for entry in plain}
        index = PatternIndex([(pattern, entry) for entry in plain for pattern in patterns[entry]])
        for entry in plain:
            for pattern in patterns[entry]:
                example = with_verbs(pattern).replace("***", "x").replace("**", "x.y()").replace("*", "x")
                answer = index.find(example)[0]
                is_narrower = len(patterns[answer]) < len(patterns[entry])
                assert is_narrower or floors(answer) == floors(entry), (provider.id, pattern)


def with_verbs(pattern: str) -> str:
    return pattern.replace("<read>", "get").replace("<write>", "create")


def floors(entry: Operation | Symbols) -> tuple[str, str, str]:
    return (entry.kind, entry.reversibility, entry.sensitivity)


def test_alternatives_in_a_host_are_hosts(tmp_path: Path) -> None:
    text = '[provider]\nid = "acme"\ntitle = "Acme"\nkind = "payment"\nhosts = ["api{,.eu}.acme.example"]\n'
    rules = load_effects(write(tmp_path / "effects", "acme.toml", text).parent)
    assert rules.providers[0].hosts == ("api.acme.example", "api.eu.acme.example")


def test_shipped_setting_words_name_their_own_provider(shipped: EffectRules) -> None:
    index = EffectIndex(shipped, ())
    for provider in shipped.providers:
        for words in provider.settings:
            found = index.services.find(f"app.settings.Settings.{words.replace('*', '')}")
            assert found is not None, words
            assert found.provider.id == provider.id, words


def test_shipped_hosts_belong_to_one_title_unless_they_share_them_on_purpose(shipped: EffectRules) -> None:
    by_host: dict[str, set[str]] = {}
    for provider in shipped.providers:
        for host in provider.hosts:
            by_host.setdefault(host, set()).add(provider.id)
    shared = {host for host, ids in by_host.items() if len(ids) > 1}
    assert shared == {"graph.facebook.com", "www.googleapis.com"}


def test_all_mistakes_of_all_files_are_told_with_file_key_and_remedy(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    write(pack / "effects", "a.toml", '[provider]\nid = "Acme"\ntitle = "Acme"\nkind = "payments"\nhost = ["x"]\n')
    write(pack / "effects", "b.toml", '[[operations]]\npaths = ["v1/x"]\n[[clients]]\ncalls = ["a.{b", "a.<writes>"]\n')
    write(pack / "effects", "c.toml", "provider = \n")
    with pytest.raises(CatalogError) as caught:
        load_effects(rules_folder(), [pack])
    message = str(caught.value)
    for expected in (
        "a.toml: provider.id: write it in lower case; found 'Acme'",
        "a.toml: provider.kind: input should be 'messaging', 'payment'",
        "a.toml: provider.host: unknown key; did you mean `hosts`?",
        "b.toml: operations[0].paths[0]: a URL path begins with `/`; found 'v1/x'",
        "b.toml: clients[0].calls[0]: a pattern must not be empty, and each of its braces needs its counterpart",
        "b.toml: clients[0].calls[1]: <writes> is no class of verbs; write <read> or <write>",
        "b.toml: clients[0].url: is missing; add it",
        "c.toml: not valid TOML:",
    ):
        assert expected in message


def test_symbols_need_a_provider(tmp_path: Path) -> None:
    pack = write(tmp_path, "a.toml", '[[symbols]]\npaths = ["acme.send"]\n')
    with pytest.raises(CatalogError, match=r"`symbols` need a `\[provider\]`"):
        load_effects(rules_folder(), [pack])


def test_a_pack_wins_over_shipped_rules_and_may_lie_beside_other_files(tmp_path: Path) -> None:
    table = (
        '[provider]\nid = "house"\ntitle = "House"\nkind = "contract"\n[[symbols]]\npaths = ["stripe.Refund.create"]\n'
    )
    pack = write(tmp_path, "house.toml", "\ufeff" + table)
    write(pack, "engine.toml", 'name = "engine"\n[[units]]\nframework = "engine"\n')
    (first, *_) = EffectIndex(load_effects(rules_folder(), [pack]), ()).calls("stripe.Refund.create")
    assert isinstance(first, LibraryCall)
    assert first.provider.id == "house"
