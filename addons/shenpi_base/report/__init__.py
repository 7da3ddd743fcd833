from . import shenpi_application_document
