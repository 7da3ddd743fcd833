from . import (
    shenpi_application_document,
    shenpi_application_document_clock,
    shenpi_application_document_deferral,
)
