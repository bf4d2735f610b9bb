"""Before a project is open: the start page, and the wizard that makes a new project."""
