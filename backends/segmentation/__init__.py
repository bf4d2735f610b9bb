"""What every network stands on that says which region each pixel belongs to: crops and what is
told beside them, how a training shows them, how it goes, and how such a network answers."""
