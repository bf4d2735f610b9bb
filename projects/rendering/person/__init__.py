"""What grows on a head, how it is coloured, how it is posed."""
