from . import shenpi_rating_report, shenpi_rating_ranking_xlsx
from . import shenpi_grievance_document, shenpi_grievance_month_xlsx
