"""Who works on ratings and grievances, by the external ids of their groups."""

OFFICER = "shenpi_evaluation.group_evaluation_officer"
EVALUATION_MANAGER = "shenpi_evaluation.group_evaluation_manager"
DESK = (OFFICER, EVALUATION_MANAGER)
# As fields and `has_groups` want them.
EVALUATORS = ",".join(DESK)
