"""Reads a folder of catalogue files and finds everything that is wrong with it, all at once."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .rules import check_rules
from .schema import Problem, check_record, name_of

# A kind of record -> the file that lists it; the kinds in FOLDERS have one file per theme.
FILES = ("parties", "summits", "sources", "member_scores", "replies")
OPTIONAL_FILES = ("themes",)
FOLDERS = ("commitments", "assessments")


class _Loader(yaml.CSafeLoader):
    """YAML as usual, but a field that stands twice in one record is an error and not a silent overwrite."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _value in node.value:
            name = self.construct_object(key_node, deep=True)
            if not isinstance(name, str):
                raise yaml.constructor.ConstructorError(
                    None, None, f"the name of a field is a text, and not {name!r}", key_node.start_mark
                )
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the field “{name}” stands twice", key_node.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep)

    def construct_day(self, node):
        """A day that no calendar has (2006-02-30) stays text, so that the check of its field can name it."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)


@dataclass
class Catalogue:
    """The records of a folder, by kind, each as a mapping; ``problems`` is empty when all of it is sound.

    ``places`` gives the file of a record by the ``id`` of its mapping.
    """

    folder: Path
    records: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    def file_of(self, row):
        """The name of the file that a record stands in."""
        return self.places[id(row)]

    def report(self, row, kind, field_name, value, mend):
        """Note a problem with one field of a record."""
        self.problems.append(Problem(self.file_of(row), name_of(kind, row), field_name, value, mend))


def read(folder, today):
    """The Catalogue in ``folder``, checked against ``today`` (a date); never raises for what is in the files."""
    catalogue = Catalogue(Path(folder))
    if not catalogue.folder.is_dir():
        catalogue.problems.append(Problem(str(folder), "-", "folder", None, "there is no such folder; name another"))
        return catalogue
    for kind in (*OPTIONAL_FILES, *FILES):
        path = catalogue.folder / f"{kind}.yaml"
        catalogue.records[kind] = [] if kind in OPTIONAL_FILES and not path.exists() else _list(catalogue, path, kind)
    for kind in FOLDERS:
        paths = sorted((catalogue.folder / kind).glob("*.yaml"), key=_theme_order(catalogue))
        catalogue.records[kind] = [row for path in paths for row in _list(catalogue, path, kind)]
        if not paths:
            catalogue.problems.append(Problem(f"{kind}/", "-", "file", None, "none is there; add <theme>.yaml"))
    _strays(catalogue)
    sound = _check_shapes(catalogue)
    check_rules(catalogue, sound, today)
    return catalogue


def _theme_order(catalogue):
    """Files in the order of the themes, the rest by name: the order of loading is the order of the register."""
    themes = [row.get("key") for row in catalogue.records["themes"] if isinstance(row, dict)]

    def order(path):
        return (themes.index(path.stem) if path.stem in themes else len(themes), path.stem)

    return order


def _list(catalogue, path, kind):
    name = path.relative_to(catalogue.folder).as_posix()

    def problem(mend):
        catalogue.problems.append(Problem(name, "-", "file", None, mend))
        return []

    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        return problem("is missing")
    except (OSError, UnicodeDecodeError) as error:
        return problem(f"cannot be read: {error}")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return problem(f"is not sound YAML: {' '.join(str(error).split())}")
    if not isinstance(data, dict) or list(data) != [kind] or not isinstance(data[kind], list):
        return problem(f"must hold one list under “{kind}:”")
    found = []
    for number, row in enumerate(data[kind], 1):
        if isinstance(row, dict):
            catalogue.places[id(row)] = name
            found.append(row)
        else:
            catalogue.problems.append(Problem(name, f"record {number}", kind, row, "must be a record with fields"))
    return found


def _strays(catalogue):
    known = {f"{kind}.yaml" for kind in (*FILES, *OPTIONAL_FILES)}
    for path in sorted(catalogue.folder.rglob("*.y*ml")):
        name = path.relative_to(catalogue.folder).as_posix()
        if name not in known and not (path.parent.name in FOLDERS and path.parent.parent == catalogue.folder):
            catalogue.problems.append(Problem(name, "-", "file", None, "is not part of the catalogue; take it out"))


def _check_shapes(catalogue):
    """Check each record by itself; returns the ids of those whose every field has the right form."""
    sound = set()
    for kind, rows in catalogue.records.items():
        for row in rows:
            found = list(check_record(kind, row, catalogue.file_of(row), name_of(kind, row)))
            catalogue.problems += found
            if not found:
                sound.add(id(row))
    return sound
