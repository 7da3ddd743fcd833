from . import shenpi_deposit_document
from . import shenpi_bidder_statement_xlsx
from . import shenpi_holding
from . import shenpi_tender_month
