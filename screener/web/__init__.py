"""The doors: HTTP, sessions, forms and templates. No SQL, no clinical logic."""
