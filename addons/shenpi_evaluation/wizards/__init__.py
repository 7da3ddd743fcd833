from . import shenpi_rating_case_wizard, shenpi_rating_phone_wizard
from . import shenpi_rating_ranking, shenpi_rating_ranking_line
from . import shenpi_rating_slip
from . import (
    shenpi_grievance_wizard,
    shenpi_grievance_dispatch_wizard,
    shenpi_grievance_dispatch_wizard_line,
    shenpi_grievance_visit_wizard,
    shenpi_grievance_ending_wizard,
    shenpi_grievance_plan_wizard,
    shenpi_grievance_merge_wizard,
    shenpi_grievance_month_wizard,
)
