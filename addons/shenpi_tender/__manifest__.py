{
    "name": "Shenpi Tender",
    "summary": "Lots and bid security of public resource trading",
    "version": "19.0.1.0.0",
    "category": "Services/Approvals",
    "author": "Shenpi",
    "license": "AGPL-3",
    "depends": ["shenpi_base"],
    "data": ["security/shenpi_tender_groups.xml"],
}
