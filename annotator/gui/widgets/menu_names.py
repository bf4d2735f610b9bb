"""Names that people have given, as a menu shows them."""


def in_menu(name: str) -> str:
    """An ampersand in a name is no key."""
    return name.replace("&", "&&")
