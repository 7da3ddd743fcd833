from . import (
    test_application_api,
    test_application_clock,
    test_application_flow,
    test_application_personal,
    test_event,
    test_department,
    test_deputy,
    test_item,
    test_item_import,
    test_workday,
)
