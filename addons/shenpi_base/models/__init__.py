from . import (
    res_users,
    shenpi_department,
    shenpi_deputy,
    shenpi_workday_year,
    shenpi_workday,
    shenpi_item,
    shenpi_item_material,
    shenpi_item_step,
)
