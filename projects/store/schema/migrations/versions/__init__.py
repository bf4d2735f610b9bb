"""One file a revision, named schema_<revision>.py; the revisions count up from 0001."""
