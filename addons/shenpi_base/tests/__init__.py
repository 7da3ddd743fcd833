from . import (
    test_application_api,
    test_application_flow,
    test_application_personal,
    test_event,
)
