"""The images that an address names: one, those in a folder, or those of a list."""

from urllib.parse import urljoin, urlsplit

from landmark_annotator.projects.remote import fetching
from landmark_annotator.projects.remote.addresses import address_of, checked, place_of, source_name
from landmark_annotator.projects.remote.filesystems import Opened
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.name_order import by_numbers

_LISTS = (".txt", ".lst")
_MOST_PAGES = 10_000
_LONGEST_LIST = 200_000_000


def named_by(address: str) -> list[str]:
    """Addresses of files, in a fixed order; whether each is an image is not asked.

    A list is a text file with one address a line, from its own folder where it is relative; what
    follows a # is a remark. A folder of a web server is the page by which it lists it. Raises
    ImageError as `fetching.fetched` does.
    """
    address = checked(address)
    path = urlsplit(address).path if address.startswith("http") else address
    if path.lower().endswith(_LISTS):
        return _of_list(address)
    if address.startswith("http"):
        return _of_pages(address)
    found = fetching.asked(address, lambda opened: _below(opened, address))
    if not found:
        raise ImageError(
            f"There is nothing at {address}.",
            kept="Nothing was changed.",
            remedy="Correct the address, or ask whoever keeps the images.",
        )
    return found


def _below(opened: Opened, address: str) -> list[str]:
    source = source_name(address)
    files = sorted(opened.system.find(opened.path), key=by_numbers)
    if source.startswith("s3://"):
        return [checked(f"s3://{file}") for file in files if not file.endswith("/")]
    return [checked(f"{source}{file}") for file in files]


def _of_list(address: str) -> list[str]:
    file = fetching.fetched(address)
    if file.stat().st_size > _LONGEST_LIST:
        raise ImageError(f"The list {address} is too long.", remedy="Name parts of it.")
    lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    names = [line.partition("#")[0].strip() for line in lines]
    folder = address.rpartition("/")[0]
    joined = [name if "://" in name else _joined(folder, name) for name in names if name]
    return list(dict.fromkeys(checked(name) for name in joined))


def _joined(folder: str, name: str) -> str:
    return urljoin(f"{folder}/", name) if folder.startswith("http") else f"{folder}/{name}"


def _of_pages(address: str) -> list[str]:
    """An address without / at its end is a folder where its server says that it is a page."""
    if not address.endswith("/"):
        facts = fetching.asked(address, lambda opened: opened.system.info(opened.path))
        if facts.get("mimetype") != "text/html":
            return [address]
        address += "/"
    files = dict[str, None]()
    waiting, seen = [address], {address}
    while waiting:
        page = waiting.pop(0)
        links = fetching.asked(page, lambda opened: opened.system.ls(opened.path, detail=False))
        for link in sorted(links, key=by_numbers):
            try:
                link = checked(link)
            except ImageError:
                continue  # such as the folder above
            if not link.startswith(address) or "?" in link or link in seen:
                continue
            seen.add(link)
            if not link.endswith("/"):
                files[link] = None
            elif len(seen) < _MOST_PAGES:
                waiting.append(link)
    if not files:
        raise ImageError(
            f"{address} lists no files.",
            kept="Nothing was changed.",
            remedy="Name a text file that lists the images, one address a line.",
        )
    return [address_of(place_of(file)) or file for file in files]
