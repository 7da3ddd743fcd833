{
    "name": "Shenpi Evaluation",
    "summary": "Ratings, grievances and assessment",
    "version": "19.0.1.0.0",
    "category": "Services/Approvals",
    "author": "Shenpi",
    "license": "AGPL-3",
    "depends": ["shenpi_base"],
    "data": ["security/shenpi_evaluation_groups.xml"],
}
