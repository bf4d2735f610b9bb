"""The main window and its tables: pages, actions, keys. The only room that knows all pages."""
