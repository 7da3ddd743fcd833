from . import (
    shenpi_application_document,
    shenpi_application_document_clock,
    shenpi_application_document_commitment,
    shenpi_application_document_deferral,
    shenpi_bulletin_document,
    shenpi_bulletin_xlsx,
    shenpi_inspection_document,
    shenpi_supervision_document,
)
