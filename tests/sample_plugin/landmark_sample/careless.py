"""Code with mistakes."""


def sniff(source):
    raise RuntimeError("no idea")


def write(target, instances, scheme):
    return {}["nothing"]
