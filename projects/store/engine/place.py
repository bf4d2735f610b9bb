"""Where a project lies, and whether that is a place for a database."""

from pathlib import Path, PurePosixPath

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "fuse.sshfs", "fuse.rclone", "9p"}
)
_SYNCHRONISED = (
    "dropbox",
    "onedrive",
    "google drive",
    "googledrive",
    "nextcloud",
    "owncloud",
    "icloud",
    "com~apple~clouddocs",
    "syncthing",
)
_MARKS = (".stfolder", ".dropbox", ".owncloudsync.log")
_MOUNTS = Path("/proc/mounts")


def warning(folder: Path) -> str:
    """What to know of this place, in a sentence or two; nothing where it is an ordinary disk."""
    folder = folder.resolve()
    service = _service(folder)
    if service:
        return (
            f"This project is in a folder that {service} synchronises. Two computers must not work "
            "in it at the same time, and it must be synchronised before the next one opens it: "
            "otherwise clicks are lost. An ordinary folder is safer."
        )
    kind = _file_system(folder)
    if kind in _NETWORK:
        return (
            f"This project is on a network drive ({kind}), where locks are not to be relied on. "
            "Only one computer must work in it at a time. A local disk is safer and faster."
        )
    return ""


def _service(folder: Path) -> str:
    for part in (folder, *folder.parents):
        name = part.name.lower()
        if any(name.startswith(service) for service in _SYNCHRONISED):
            return part.name
        if any((part / mark).exists() for mark in _MARKS):
            return f"a program ({part})"
    return ""


def _file_system(folder: Path) -> str:
    """As Linux names it; nothing elsewhere."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found, longest = "", -1
    for line in lines:
        _, point, kind, *_ = line.split(" ")
        place = PurePosixPath(point.replace("\\040", " "))
        if (folder == Path(place) or Path(place) in folder.parents) and len(point) >= longest:
            found, longest = kind, len(point)
    return found
