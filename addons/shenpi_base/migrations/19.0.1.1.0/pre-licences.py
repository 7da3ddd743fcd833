"""Licences made before they were documents: their holder, bureau's department and dates are those
of their application."""

COLUMNS = (
    ("version", "integer"),
    ("department_id", "integer"),
    ("holder_kind", "varchar"),
    ("holder_id_type", "varchar"),
    ("holder_id_number_raw", "varchar"),
    ("holder_phone_raw", "varchar"),
    ("holder_email", "varchar"),
    ("in_force_from", "date"),
    ("renewal_due_date", "date"),
    ("expiring_from", "date"),
)


def migrate(cr, version):
    for name, kind in COLUMNS:
        cr.execute(f"ALTER TABLE shenpi_licence ADD COLUMN IF NOT EXISTS {name} {kind}")
    cr.execute(
        """UPDATE shenpi_licence l
              SET version = 1,
                  department_id = a.department_id,
                  holder_kind = a.applicant_kind,
                  holder_id_type = a.applicant_id_type,
                  holder_id_number_raw = a.applicant_id_number_raw,
                  holder_phone_raw = a.applicant_phone_raw,
                  holder_email = a.applicant_email,
                  in_force_from = l.valid_from,
                  renewal_due_date = l.valid_to - 30,
                  expiring_from = l.valid_to - 30
             FROM shenpi_application a
            WHERE a.id = l.application_id AND l.in_force_from IS NULL"""
    )
