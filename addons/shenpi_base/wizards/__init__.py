from . import (
    shenpi_workday_wizard,
    shenpi_workday_wizard_line,
    shenpi_workday_wizard_result,
)
