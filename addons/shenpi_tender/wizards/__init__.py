from . import shenpi_bank_import_wizard
from . import shenpi_bank_line_wizard
from . import shenpi_bidder_statement
from . import shenpi_deposit_decision_wizard
from . import shenpi_hold_wizard
from . import shenpi_ledger_wizard
from . import shenpi_refund_wizard
from . import shenpi_tender_lot_wizard
