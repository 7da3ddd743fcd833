from . import bank_results
from . import ledger_export
