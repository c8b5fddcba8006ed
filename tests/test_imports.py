"""The direction of imports is held, and by a check that saw the modules."""

import grimp
from importlinter import api
from importlinter.application import use_cases

CONFIGURATION = "pyproject.toml"
# Modules of ours when this was written; a graph much smaller than the tree has lost sight of it.
FEWEST_MODULES = 25


def test_every_import_follows_the_declared_direction():
    """The contracts in pyproject.toml are kept."""
    options = use_cases.read_user_options(CONFIGURATION)
    use_cases._register_contract_types(options)

    report = use_cases.create_report(options, cache_dir=None)

    broken = [contract.name for contract, check in report.get_contracts_and_checks() if not check.kept]
    assert broken == []
    assert report.module_count >= FEWEST_MODULES


def test_the_contracts_cover_both_packages():
    """Whoever drops a contract has to say so here."""
    contracts = api.read_configuration(CONFIGURATION)["contracts_options"]

    assert [contract["id"] for contract in contracts] == ["direction", "site"]


def test_the_graph_sees_imports_inside_functions():
    """An import hidden in a function counts like one at the top."""
    graph = grimp.build_graph("commitments", cache_dir=None)

    assert graph.direct_import_exists(importer="commitments.apps", imported="commitments.models", as_packages=True)
