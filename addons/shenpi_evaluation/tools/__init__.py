"""Pure Python: no ``odoo`` import, tested without a database."""
