from . import ir_actions_report
from . import res_company_rating
from . import shenpi_masked_export, shenpi_upload_mixin
from . import shenpi_rating_tag
from . import shenpi_rating_service
from . import shenpi_rating_token
from . import shenpi_rating
from . import shenpi_rating_personal
from . import shenpi_rating_submit
from . import shenpi_rating_case
from . import shenpi_rating_case_flow
from . import shenpi_rating_case_ladder
from . import shenpi_rating_case_actions
from . import shenpi_event_rating
from . import shenpi_rating_terminal
from . import shenpi_rating_figures
from . import shenpi_rating_api
from . import shenpi_application_rating
from . import shenpi_application_document_rating
from . import shenpi_demo_rating
from . import (
    res_company_grievance,
    shenpi_department_grievance,
    shenpi_event_grievance,
    shenpi_grievance_source,
    shenpi_grievance_tier,
    shenpi_grievance_reason,
    shenpi_grievance,
    shenpi_grievance_tier_rule,
    shenpi_grievance_dispatch,
    shenpi_grievance_visit,
    shenpi_grievance_flow,
    shenpi_grievance_sight,
    shenpi_grievance_personal,
    shenpi_grievance_similar,
    shenpi_grievance_desk,
    shenpi_grievance_unit,
    shenpi_grievance_follow_up,
    shenpi_grievance_ladder,
    shenpi_grievance_screen,
    shenpi_grievance_intake,
    shenpi_grievance_public,
    shenpi_grievance_api,
    shenpi_grievance_faq,
    shenpi_grievance_figure,
    shenpi_supervision_grievance,
    shenpi_faq_category,
    shenpi_faq,
    shenpi_demo_grievances,
)
from . import shenpi_rating_case_grievance
from . import (
    shenpi_message_template_evaluation,
    shenpi_message_evaluation,
    shenpi_message_values_evaluation,
    shenpi_rating_service_message,
    shenpi_rating_case_message,
    shenpi_grievance_message,
)
from . import project_project_rating
