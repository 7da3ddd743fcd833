{
    "name": "Shenpi Approvals",
    "summary": "Applications with statutory clocks, the item catalogue and licences",
    "version": "19.0.1.0.0",
    "category": "Services/Approvals",
    "author": "Shenpi",
    "license": "AGPL-3",
    "depends": ["mail", "queue_job"],
    "external_dependencies": {
        "python": ["barcode", "chinese_calendar", "holidays", "num2words", "openpyxl", "xlsxwriter"],
    },
    "data": [
        "security/shenpi_base_groups.xml",
        "security/ir.model.access.csv",
        "security/shenpi_base_rules.xml",
        "security/shenpi_application_rules.xml",
        "views/shenpi_base_menus.xml",
    ],
    "demo": [],
    "application": True,
    "post_init_hook": "post_init_hook",
}
