"""Where a shared project's database is: an address in a file of the project's folder.

The folder holds what is not in the database: images, models, what a window keeps beside them. Each
person may have one of their own, or all share one on a drive that all can open.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import platformdirs

from landmark_annotator.projects.folder_sync import (
    discard,
    make_folder,
    sync_file,
    sync_folder,
    taken_back,
)
from landmark_annotator.projects.vocabulary.errors import ProjectError

ADDRESS_NAME = "project.address"
_BEGINNINGS = ("postgresql://", "postgres://")
_SECRET = ("password", "sslpassword")
_EXAMPLE = "Write it as postgresql://USER@HOST:PORT/DATABASE, or postgresql:///?service=NAME."


def is_address(text: str) -> bool:
    return text.startswith(_BEGINNINGS)


def checked(address: str) -> str:
    """Raises ProjectError where it holds a password, or names no database."""
    try:
        parts = urlsplit(address)
        asked = parse_qs(parts.query, keep_blank_values=True)
        secret = parts.password is not None or any(name in asked for name in _SECRET)
    except ValueError as error:
        raise ProjectError(
            f"This is not the address of a database: {error}.", remedy=_EXAMPLE
        ) from error
    if secret:
        # The address is not told again: a terminal, a log or a report would keep the password.
        raise ProjectError(
            "The address holds a password, and an address is kept in files and shown in messages.",
            kept="It was not stored.",
            remedy="Leave it out. The password is read from ~/.pgpass, a service in "
            "~/.pg_service.conf, or $PGPASSWORD.",
        )
    if not is_address(address) or not (parts.path.strip("/") or "service" in asked):
        raise ProjectError(f"{address} names no database.", remedy=_EXAMPLE)
    return address


def shown(address: str) -> str:
    """For messages: without the user, who may be another one for everybody."""
    return re.sub(r"^(\w+://)[^/@]*@", r"\1", address)


def read_address(folder: Path) -> str | None:
    """None where the folder has none: its project is its own."""
    try:
        return checked((folder / ADDRESS_NAME).read_text(encoding="utf-8").strip())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(
            f"{folder / ADDRESS_NAME} cannot be read: {error}.",
            remedy="It holds one line, the address of the project's database.",
        ) from error


def write_address(folder: Path, address: str) -> None:
    """Raises ProjectError where the folder holds another project or cannot be written."""
    address = checked(address)
    there = read_address(folder)
    if there == address:
        return
    if there is not None or (folder / "project.db").exists():
        raise ProjectError(
            f"{folder} already is a project.",
            kept="Nothing was changed.",
            remedy="Open it, or choose another folder.",
        )
    partial = folder / f"{ADDRESS_NAME}.{os.getpid()}"
    try:
        make_folder(folder)
        partial.write_text(f"{address}\n", encoding="utf-8")
        sync_file(partial)
        partial.replace(folder / ADDRESS_NAME)
        sync_folder(folder)
    except OSError as error:
        raise ProjectError(
            f"The project folder {folder} cannot be made: {error.strerror}.",
            remedy="Choose a folder that you may write to.",
        ) from error
    finally:
        discard(partial)


@contextmanager
def addressed(folder: Path, address: str) -> Iterator[None]:
    """As `write_address`; where what follows fails, the folder is no project for it: else a typing
    error in the address would stay, and the right one be refused."""
    # `os.path` says no where Path raises: of a folder that may not be looked into.
    known = os.path.exists(folder / ADDRESS_NAME)  # noqa: PTH110
    with taken_back(folder):
        try:
            write_address(folder, address)
            yield
        except BaseException:
            if not known:
                discard(folder / ADDRESS_NAME)
            raise


def database_name(address: str) -> str:
    """As the address says it, or else its service's; "" where it says neither, or is no address."""
    try:
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
    except ValueError:
        return ""
    if not is_address(address):
        return ""
    told = asked.get("dbname", []) + asked.get("service", [])
    return unquote(parts.path.strip("/")) or (told or [""])[0]


def folder_of(address: str) -> Path:
    """This person's own folder for what is at the address, made where there is none yet."""
    folder = _own_folder(checked(address))
    write_address(folder, address)
    return folder


def default_name(folder: Path) -> str:
    """What a project is called that is made there: as the folder, or as the database where nobody
    has chosen the folder's name."""
    address = read_address(folder)
    if address is None or folder.resolve() != _own_folder(address).resolve():
        return folder.name
    return database_name(address) or folder.name


def _own_folder(address: str) -> Path:
    name = re.sub(r"\W+", "_", urlsplit(address).path).strip("_") or "project"
    mark = hashlib.sha256(address.encode()).hexdigest()[:8]
    home = platformdirs.user_data_path("landmark-annotator", appauthor=False) / "shared"
    return home / f"{name}_{mark}"
