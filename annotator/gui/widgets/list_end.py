"""What is said where a list ends."""


def end_of_list(by: int) -> str:
    """by: which way somebody went, forwards if positive."""
    return f"This is the {'last' if by > 0 else 'first'} one in the list."
